import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { packageRoot } from '../../../paths.ts'
import { isLoopback, isWildcard } from '../../http/guard.ts'
import { startHttpDoor, type HttpDoor } from '../../http/server.ts'
import type { Command } from '../command.ts'

export const serve: Command = {
  name: 'serve',
  summary:
    'Serves the studio to a browser, or to a window elsewhere (Connect to engine…): the same pages, behind a token. The token is PARALLAX_TOKEN from the environment, else a new random one.',
  flags: [
    { name: 'port', value: 'N', help: 'port to listen on; 0 picks a free one (0)' },
    {
      name: 'host',
      value: 'ADDRESS',
      help: 'address to listen on, without encryption; 0.0.0.0 for all of this machine (127.0.0.1)',
    },
    {
      name: 'allow_host',
      value: 'NAME',
      isList: true,
      help: 'another name it goes by, as behind a proxy; requests for other names are refused',
    },
  ],
  examples: [
    'serve --port 7860',
    'serve --workspace /data/UniLIP',
    'serve --host 0.0.0.0 --allow_host gpu7.lab',
  ],
  async run({ flags, session, out }) {
    const pagesDir = join(packageRoot, 'out/renderer')
    if (!existsSync(join(pagesDir, 'index.html'))) {
      throw new AppError('not-found', 'The pages have not been built.', { hint: 'Run npm run build once.' })
    }
    if (flags.text('workspace') !== undefined)
      await session.call('workspaces.open', { root: session.workspace })
    const host = flags.text('host') ?? '127.0.0.1'
    const door = await startHttpDoor({
      studio: session.studio(),
      pagesDir,
      host,
      port: portOf(flags.number('port') ?? 0),
      allowedHosts: flags.texts('allow_host'),
      // From the environment, for arguments can be read by every user of the machine.
      ...(process.env.PARALLAX_TOKEN ? { token: process.env.PARALLAX_TOKEN } : {}),
    })
    out.json({ type: 'serving', url: door.url, port: door.port, token: door.token })
    out.print(`Parallax is at ${door.url}\n${aboutOtherMachines(door, host)}\nCtrl-C stops it.`)
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await door.close()
    return 0
  },
}

function portOf(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new AppError('usage', `${port} is no port.`, { hint: 'Ports are 0 to 65535; 0 picks a free one.' })
}

function aboutOtherMachines({ url, port }: HttpDoor, host: string): string {
  if (isLoopback(host))
    return `From another machine: ssh -L ${port}:127.0.0.1:${port} <this machine>, then open that address there.`
  const addresses = isWildcard(host)
    ? Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ internal, family }) => !internal && family === 'IPv4')
        .map(({ address }) => `  ${url.replace('127.0.0.1', address)}`)
    : []
  const where = isWildcard(host) ? 'every address of this machine' : host
  return [
    `It listens on ${where}, without encryption: whoever sees the traffic sees the token.`,
    ...addresses,
  ].join('\n')
}
