import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { packageRoot } from '../../../paths.ts'
import { startHttpDoor } from '../../http/server.ts'
import type { Command } from '../command.ts'

export const serve: Command = {
  name: 'serve',
  summary: 'Serves the studio to a browser: the same pages, on loopback, behind a token.',
  flags: [
    { name: 'port', value: 'N', help: 'port to listen on; 0 picks a free one (0)' },
    { name: 'host', value: 'ADDRESS', help: 'address to listen on (127.0.0.1)' },
  ],
  examples: ['serve --port 7860', 'serve --workspace /data/UniLIP'],
  async run({ flags, session, out }) {
    const pagesDir = join(packageRoot, 'out/renderer')
    if (!existsSync(join(pagesDir, 'index.html'))) {
      throw new AppError('not-found', 'The pages have not been built.', { hint: 'Run npm run build once.' })
    }
    if (flags.text('workspace') !== undefined)
      await session.call('workspaces.open', { root: session.workspace })
    const door = await startHttpDoor({
      studio: session.studio(),
      pagesDir,
      host: flags.text('host') ?? '127.0.0.1',
      port: flags.number('port') ?? 0,
    })
    out.json({ type: 'serving', url: door.url, port: door.port, token: door.token })
    out.print(
      `Parallax is at ${door.url}\nFrom another machine: ssh -L ${door.port}:127.0.0.1:${door.port} <this machine>, then open that address there.\nCtrl-C stops it.`,
    )
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await door.close()
    return 0
  },
}
