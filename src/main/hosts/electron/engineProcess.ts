/** Starts the engine and starts it again when it dies; hands pages their line to it. */
import { fork, type ChildProcess } from 'node:child_process'
import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import type { EngineNotice, EngineOrder, MediaAddress } from './engineMessages.ts'

export type EngineProcess = {
  /** Joins a page's port to the engine as soon as it is ready. */
  connect(port: MessagePortMain): void
  /** Address of the media server; waits for the engine. */
  media(): Promise<MediaAddress>
  stop(): void
}

export type EngineWatcher = {
  onStarted(): void
  onStopped(reason: string, willRestart: boolean): void
  log(text: string): void
}

/** More deaths than this within the time below mean that starting again does not help. */
const mostRestarts = 5
const restartWindowMs = 60_000

/** @param entry path of the engine bundle. */
export function startEngine(entry: string, watcher: EngineWatcher): EngineProcess {
  const deaths: number[] = []
  let isStopping = false
  let current = launch()

  function launch() {
    const line = process.env.PARALLAX_ENGINE_NODE
      ? nodeLine(process.env.PARALLAX_ENGINE_NODE, entry, onNotice, onExit)
      : utilityLine(entry, onNotice, onExit)
    let settle: (media: MediaAddress) => void = () => {}
    const ready = new Promise<MediaAddress>((resolve) => (settle = resolve))
    return { line, ready, settle, reason: '' }
  }

  function onNotice(notice: EngineNotice): void {
    if (notice.type === 'ready') {
      current.settle(notice.media)
      watcher.onStarted()
    } else if (notice.type === 'failed') {
      current.reason = [notice.error.message, notice.error.hint]
        .filter((text) => text !== undefined)
        .join(' ')
    } else if (notice.type === 'internal-error') {
      watcher.log(`${notice.name}: ${notice.message}`)
    }
  }

  function onExit(status: number | null): void {
    if (isStopping) return
    const now = Date.now()
    deaths.push(now)
    const recent = deaths.filter((at) => now - at < restartWindowMs).length
    // A start that failed with a reason would fail again.
    const willRestart = current.reason === '' && recent <= mostRestarts
    watcher.onStopped(current.reason || `The engine stopped (status ${status ?? 'unknown'}).`, willRestart)
    if (willRestart) setTimeout(() => (current = launch()), 300 * recent)
  }

  return {
    connect: (port) => {
      const { line, ready } = current
      void ready.then(() => line.connect(port))
    },
    media: () => current.ready,
    stop() {
      isStopping = true
      current.line.kill()
    },
  }
}

type Line = { connect(port: MessagePortMain): void; kill(): void }

function utilityLine(
  entry: string,
  onNotice: (notice: EngineNotice) => void,
  onExit: (status: number | null) => void,
): Line {
  const child: UtilityProcess = utilityProcess.fork(entry, [], { serviceName: 'Parallax engine' })
  child.on('message', onNotice)
  child.on('exit', onExit)
  return { connect: (port) => child.postMessage({ type: 'connect' }, [port]), kill: () => void child.kill() }
}

/** Ports cannot cross to a plain Node process; their messages are relayed. */
function nodeLine(
  node: string,
  entry: string,
  onNotice: (notice: EngineNotice) => void,
  onExit: (status: number | null) => void,
): Line {
  const child: ChildProcess = fork(entry, [], {
    execPath: node,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const ports = new Map<number, MessagePortMain>()
  const send = (order: EngineOrder) => {
    if (child.connected) child.send(order)
  }
  let connections = 0
  child.on('message', (notice: EngineNotice) => {
    if (notice.type === 'message') ports.get(notice.connection)?.postMessage(notice.message)
    else onNotice(notice)
  })
  child.on('exit', (status) => {
    for (const port of ports.values()) port.close()
    onExit(status)
  })
  return {
    connect(port) {
      const connection = connections++
      ports.set(connection, port)
      port.on('message', ({ data }) => send({ connection, message: data }))
      port.on('close', () => {
        ports.delete(connection)
        send({ connection, closed: true })
      })
      port.start()
    },
    kill: () => void child.kill(),
  }
}
