/** Starts the engine and starts it again when it dies; hands pages their line to it. */
import type { MessagePortMain } from 'electron'
import { AppError } from '../../../shared/errors.ts'
import type { EngineEvent } from '../../../shared/bridge.ts'
import type { EngineNotice, MediaAddress } from './engineMessages.ts'
import { nodeLine, utilityLine, type EngineLine } from './engineLines.ts'

export type EngineProcess = {
  /**
   * A page asks for a line. Gives whether one can be had now; otherwise an event follows: `started` when the engine is
   * ready, or `stopped` when it cannot be started. After it was given up, asking starts it once more.
   */
  request(): boolean
  /** Joins a page's port to the engine, which must be ready. */
  connect(port: MessagePortMain): void
  /** Address of the media server; waits for an engine on its way. @throws AppError when there will be none. */
  media(): Promise<MediaAddress>
  /** Ends an engine that hangs; another one is started as after every death. */
  restart(): void
  stop(): void
}

export type EngineWatcher = {
  onEvent(event: EngineEvent): void
  log(text: string): void
}

type State =
  | { name: 'starting'; line: EngineLine; failure?: string }
  | { name: 'ready'; line: EngineLine; media: MediaAddress }
  | { name: 'waiting' }
  | { name: 'given-up'; reason: string }

/** More deaths than this within the time below mean that starting again does not help. */
const mostRestarts = 5
const restartWindowMs = 60_000
const restartPauseMs = 300

/** @param entry path of the engine bundle. */
export function startEngine(entry: string, watcher: EngineWatcher): EngineProcess {
  const deaths: number[] = []
  const waiting: { resolve(media: MediaAddress): void; reject(error: AppError): void }[] = []
  let isStopping = false
  let state: State = { name: 'waiting' }
  launch()

  function launch(): void {
    const node = process.env.PARALLAX_ENGINE_NODE
    const events = { onNotice, onExit }
    state = {
      name: 'starting',
      line: node === undefined ? utilityLine(entry, events) : nodeLine(node, entry, events),
    }
  }

  function onNotice(notice: EngineNotice): void {
    if (notice.type === 'ready' && state.name === 'starting') {
      state = { name: 'ready', line: state.line, media: notice.media }
      for (const { resolve } of waiting.splice(0)) resolve(notice.media)
      watcher.onEvent({ state: 'started' })
    } else if (notice.type === 'failed' && state.name === 'starting') {
      const { message, hint } = notice.error
      state.failure = hint === undefined ? message : `${message} ${hint}`
    } else if (notice.type === 'internal-error') {
      watcher.log(`${notice.name}: ${notice.message}`)
    }
  }

  function onExit(status: string): void {
    if (isStopping) return
    const now = Date.now()
    deaths.push(now)
    const recent = deaths.filter((at) => now - at < restartWindowMs).length
    const failure = state.name === 'starting' ? state.failure : undefined
    const reason = failure ?? `The engine stopped (${status}).`
    // A start that failed with a reason would fail again.
    const willRestart = failure === undefined && recent <= mostRestarts
    if (willRestart) {
      state = { name: 'waiting' }
      setTimeout(launch, restartPauseMs * recent)
    } else {
      state = { name: 'given-up', reason }
      for (const { reject } of waiting.splice(0)) reject(new AppError('process-failed', reason))
    }
    watcher.log(reason)
    watcher.onEvent({ state: 'stopped', reason, willRestart })
  }

  return {
    request() {
      if (state.name === 'given-up') {
        deaths.length = 0
        launch()
      }
      return state.name === 'ready'
    },
    connect(port) {
      if (state.name === 'ready') state.line.connect(port)
      else port.close()
    },
    async media() {
      if (state.name === 'ready') return state.media
      if (state.name === 'given-up') throw new AppError('process-failed', state.reason)
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    restart() {
      if (state.name === 'starting' || state.name === 'ready') state.line.kill()
    },
    stop() {
      isStopping = true
      if (state.name === 'starting' || state.name === 'ready') state.line.stop()
    },
  }
}
