/** `parallax serve` as a process, and a line to it that can be cut, as an SSH tunnel can. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { cliEntry } from './studio.ts'

export type Serve = {
  url: string
  port: number
  token: string
  pid: number
  end(signal: NodeJS.Signals): Promise<void>
}

/** Starts it and waits for its address. @param options.port 0 for a free one. */
export async function startServe(
  home: string,
  options: { port?: number; token?: string; args?: string[] } = {},
): Promise<Serve> {
  const child: ChildProcess = spawn(
    process.execPath,
    [cliEntry, 'serve', '--json', '--port', String(options.port ?? 0), ...(options.args ?? [])],
    {
      env: { ...process.env, PARALLAX_HOME: home, PARALLAX_TOKEN: options.token ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout! })) {
    const message = JSON.parse(line) as { type: string; url: string; port: number; token: string }
    if (message.type !== 'serving') continue
    child.stdout!.resume()
    return {
      ...message,
      pid: child.pid!,
      async end(signal) {
        child.kill(signal)
        await ended
      },
    }
  }
  throw new Error('parallax serve ended before it said its address.')
}

export type Tunnel = { port: number; cut(): void; mend(): void; close(): void }

/** A loopback port that leads to another one, until it is cut. */
export async function openTunnel(to: number): Promise<Tunnel> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((here) => {
    if (isCut) return here.destroy()
    const there = connect(to, '127.0.0.1')
    for (const socket of [here, there]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        here.destroy()
        there.destroy()
      })
    }
    here.pipe(there)
    there.pipe(here)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => (isCut = false),
    close() {
      cut()
      server.close()
    },
  }
}
