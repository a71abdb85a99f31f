/**
 * The engine as a process of its own, started by the window: as Electron's utility process or, with
 * `PARALLAX_ENGINE_NODE`, under another Node. It owns the database and the work; when native code crashes, it dies
 * alone and is started again.
 *
 * Messages to it: a port (utility process), or `{ connection, message }` and `{ connection, closed }` (plain Node).
 * Its first message is `{ type: 'ready', media }`: the loopback address that serves pictures and videos, with token.
 */
import { join } from 'node:path'
import type { MessagePortMain } from 'electron'
import { AppError, toAppError } from '../shared/errors.ts'
import { connectPage, type Connection } from './hosts/connection.ts'
import type { EngineNotice, EngineOrder } from './hosts/electron/engineMessages.ts'
import { homeFolder, packageRoot, resourcesDir, studioVersion, supervisor, workerEntry } from './paths.ts'

const parentPort = process.parentPort as Electron.ParentPort | undefined
const notify = (notice: EngineNotice) => {
  if (parentPort) parentPort.postMessage(notice)
  else process.send?.(notice)
}

/** better-sqlite3's binaries ask for it. */
const oldestNode = 22
const longestStopMs = 10_000

async function main(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    throw new AppError('unsupported', `The engine needs Node ${oldestNode}; here it is ${process.version}.`, {
      hint: 'Set PARALLAX_ENGINE_NODE to the path of a newer Node program and start Parallax again.',
    })
  }
  // Loaded here, so that a native module that does not load is said in words.
  const { createStudio } = await import('./core/studio.ts')
  const { startHttpDoor } = await import('./hosts/http/server.ts')
  const studio = createStudio({
    home: homeFolder(),
    resourcesDir,
    version: studioVersion,
    door: 'engine',
    workerEntry,
    supervisor,
    onInternalError: (name, error) => notify({ type: 'internal-error', name, message: error.message }),
  })
  const door = await startHttpDoor({
    studio,
    pagesDir: join(packageRoot, 'out/renderer'),
    host: '127.0.0.1',
    port: 0,
  })

  parentPort?.on('message', ({ ports }) => {
    for (const port of ports) attachPort(port)
  })
  if (!parentPort) relayMessages()

  let isStopping = false
  const stop = () => {
    // The window asks, and its end is heard as well.
    if (isStopping) return
    isStopping = true
    // Work that does not listen must not keep an engine alive that nobody can reach.
    setTimeout(() => process.exit(1), longestStopMs).unref()
    void door
      .close()
      .then(() => studio.close())
      .then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  notify({ type: 'ready', media: { address: `http://127.0.0.1:${door.port}`, token: door.token } })

  function attachPort(port: MessagePortMain): void {
    const connection = connectPage(studio, (message) => port.postMessage(message))
    port.on('message', ({ data }) => connection.receive(data))
    port.on('close', () => connection.close())
    port.start()
  }

  function relayMessages(): void {
    const connections = new Map<number, Connection>()
    process.on('message', (order: EngineOrder) => {
      const known = connections.get(order.connection)
      if ('closed' in order) {
        known?.close()
        connections.delete(order.connection)
        return
      }
      const connection =
        known ??
        connectPage(studio, (message) => notify({ type: 'message', connection: order.connection, message }))
      connections.set(order.connection, connection)
      connection.receive(order.message)
    })
  }
}

main().catch((caught: unknown) => {
  notify({ type: 'failed', error: toAppError(caught).toData() })
  process.exitCode = 1
})
