/** The two ways to run the engine: as Electron's utility process, which takes ports, and under another Node. */
import { fork } from 'node:child_process'
import { utilityProcess, type MessagePortMain } from 'electron'
import type { EngineNotice, EngineOrder } from './engineMessages.ts'

/** A running engine. */
export type EngineLine = {
  /** Joins a page's port to it. */
  connect(port: MessagePortMain): void
  /** Asks it to end; it has some seconds to put things in order. */
  stop(): void
  /** Ends it at once, also when it hangs. */
  kill(): void
}

export type EngineEvents = {
  onNotice(notice: EngineNotice): void
  /** It has ended. @param status how, such as `status 1` or `SIGKILL`. */
  onExit(status: string): void
}

/** The engine as a utility process of Electron: ports are handed over and speak to it directly. */
export function utilityLine(entry: string, { onNotice, onExit }: EngineEvents): EngineLine {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Parallax engine' })
  child.on('message', onNotice)
  child.on('exit', (code) => onExit(`status ${code}`))
  return {
    connect: (port) => child.postMessage({ type: 'connect' }, [port]),
    stop: () => void child.kill(),
    kill: () => killAtOnce(child.pid),
  }
}

/** The engine under another Node: ports cannot cross to it, so their messages are relayed. */
export function nodeLine(node: string, entry: string, { onNotice, onExit }: EngineEvents): EngineLine {
  const child = fork(entry, [], {
    execPath: node,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const ports = new Map<number, MessagePortMain>()
  let connections = 0
  let isOver = false
  const send = (order: EngineOrder) => {
    // A page may still talk to an engine that has just died.
    if (child.connected) child.send(order, () => {})
  }
  const end = (status: string) => {
    if (isOver) return
    isOver = true
    for (const port of ports.values()) port.close()
    onExit(status)
  }
  child.on('message', (notice: EngineNotice) => {
    if (notice.type === 'message') ports.get(notice.connection)?.postMessage(notice.message)
    else onNotice(notice)
  })
  child.on('exit', (status, signal) => end(signal ?? `status ${status ?? 'unknown'}`))
  child.on('error', (error) => {
    if (child.pid !== undefined) return
    onNotice({
      type: 'failed',
      error: { code: 'missing-program', message: `${node} could not be started: ${error.message}.` },
    })
    end('never started')
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
    stop: () => void child.kill(),
    kill: () => killAtOnce(child.pid),
  }
}

function killAtOnce(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
