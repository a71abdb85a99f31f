import { resolve } from 'node:path'
import { resizeFilters, type ResizeFilter } from '../../../../shared/domain/protocol.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Command } from '../command.ts'

export const inspect: Command = {
  name: 'inspect',
  usage: 'FILE',
  summary: 'Shows what a metric really sees of a picture: size, mode and the SHA-256 of its RGB bytes.',
  flags: [
    { name: 'resize', value: 'WxH', help: 'resize as Pillow does first' },
    { name: 'filter', value: 'NAME', help: `${resizeFilters.join(', ')} (bilinear)` },
    { name: 'save', value: 'FILE.png', help: 'write these very pixels' },
  ],
  examples: ['inspect frame.jpg --resize 224x224 --filter bilinear --save seen.png'],
  async run({ flags, session, out }) {
    const [file, ...more] = flags.positionals
    if (file === undefined || more.length > 0) throw new AppError('usage', 'Give one picture file.')
    const size = flags.text('resize')
    const match = size === undefined ? undefined : /^(\d+)(?:[x×](\d+))?$/i.exec(size)
    if (match === null) throw new AppError('usage', `--resize needs WIDTHxHEIGHT, not "${size}".`)
    const save = flags.text('save')
    const seen = await session.call('images.inspect', {
      path: resolve(file),
      ...(match
        ? {
            resize: {
              width: Number(match[1]),
              height: Number(match[2] ?? match[1]),
              filter: (flags.text('filter') ?? 'bilinear') as ResizeFilter,
            },
          }
        : {}),
      ...(save === undefined ? {} : { save: resolve(save) }),
    })
    out.json({ type: 'result', ...seen })
    out.print(
      `${seen.path}\n${seen.format}, mode ${seen.mode}, ${seen.width} × ${seen.height}\nsha256 ${seen.sha256}`,
    )
    return 0
  },
}
