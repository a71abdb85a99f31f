import { resolve } from 'node:path'
import type { ModelCheck, ModelInfo } from '../../../../shared/contract/models.ts'
import { formatBytes } from '../../../../shared/domain/format.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Command } from '../command.ts'
import { textTable } from '../table.ts'

const list: Command = {
  name: 'models list',
  summary: 'Shows which weights are installed where, and what is missing.',
  flags: [],
  async run({ session, out }) {
    const { folder, models } = await session.call('models.list', {})
    for (const model of models) out.json({ type: 'model', ...model })
    out.json({ type: 'result', folder, models })
    out.print(
      textTable(
        [
          ['model', 'for', 'state', 'size', 'where'],
          ...models.map((model) => [
            model.id,
            model.neededFor.join(', '),
            model.status,
            formatBytes(model.wanted.size),
            model.path ?? '',
          ]),
        ],
        3,
      ),
    )
    for (const { id, note, refused } of models) {
      if (note !== undefined) out.print(`${id}: ${note}`)
      for (const { path, reason } of refused) out.print(`${id}: ${path} is not used. ${reason}`)
    }
    out.print(
      `\nThe model folder is ${folder}. Weights are also found in PARALLAX_MODEL_PATH and in the torch and Hugging Face caches.`,
    )
    return 0
  },
}

const install: Command = {
  name: 'models install',
  usage: '[MODEL…]',
  summary: 'Downloads weights from their official addresses: those named, or all that are missing.',
  flags: [],
  async run({ flags, session, out }) {
    const names = flags.positionals
    const job = await session.call('models.install', names.length === 0 ? {} : { models: names })
    const finished = await session.follow(job.id)
    const { installed } = finished.result as { installed: string[] }
    out.json({ type: 'result', installed })
    out.print(installed.length === 0 ? 'Nothing is missing.' : `Installed: ${installed.join(', ')}.`)
    return 0
  },
}

const importModel: Command = {
  name: 'models import',
  usage: 'FILE',
  summary: 'Copies a weight file into the model folder after recognising and checking it.',
  flags: [],
  async run({ flags, session, out }) {
    const [file] = flags.positionals
    if (file === undefined) throw new AppError('usage', 'Give the weight file.')
    const job = await session.call('models.import', { path: resolve(file) })
    const { model } = (await session.follow(job.id)).result as { model: ModelInfo }
    out.json({ type: 'result', ...model })
    out.print(
      `${model.title}: ${model.path ?? ''}${model.isOfficial === false ? ' (recognised by its tensors; not the official file)' : ''}`,
    )
    return 0
  },
}

const verify: Command = {
  name: 'models verify',
  usage: '[MODEL]',
  summary: 'Reads every byte of installed weights and checks hash, names and shapes.',
  flags: [],
  async run({ flags, session, out }) {
    const [model] = flags.positionals
    const job = await session.call('models.verify', model === undefined ? {} : { model })
    const { checks } = (await session.follow(job.id)).result as { checks: ModelCheck[] }
    for (const check of checks) {
      out.json({ type: 'check', ...check })
      out.print(`${check.isSound ? '✓' : '✗'} ${check.id}  ${check.path}\n  ${check.found}`)
    }
    const isSound = checks.every((check) => check.isSound)
    out.json({ type: 'result', isSound, checks })
    if (checks.length === 0) out.print('Nothing is installed.')
    return isSound ? 0 : 1
  },
}

export const modelsCommands: readonly Command[] = [list, install, importModel, verify]
