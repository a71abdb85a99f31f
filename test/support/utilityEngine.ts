/**
 * A main process of Electron that starts a small engine as a utility process, and that engine: the way an installed
 * Parallax runs, without the native modules that an old Electron cannot load. Bundled by electronUtility.test.ts.
 */
import { app, MessageChannelMain } from 'electron'
import { connectPage } from '../../src/main/hosts/connection.ts'
import { startEngine } from '../../src/main/hosts/electron/engineProcess.ts'

const parentPort = process.parentPort as Electron.ParentPort | undefined
if (parentPort) runEngine(parentPort)
else void app.whenReady().then(runMain)

function runEngine(parent: Electron.ParentPort): void {
  const studio = {
    call: (name: string, input: unknown) =>
      name === 'die'
        ? process.exit(7)
        : Promise.resolve({ ok: true as const, value: { name, input, pid: process.pid } }),
    async *open(_name: string, _input: unknown, signal: AbortSignal) {
      for (let count = 1; !signal.aborted && count <= 3; count++) yield count
    },
  }
  parent.on('message', ({ ports }) => {
    for (const port of ports) {
      const connection = connectPage(studio, (message) => port.postMessage(message))
      port.on('message', ({ data }) => connection.receive(data))
      port.on('close', () => connection.close())
      port.start()
    }
  })
  parent.postMessage({ type: 'ready', media: { address: 'http://127.0.0.1:1', token: 't' } })
}

/** Asks, listens, lets the engine die and asks again; prints what came as JSON lines. */
function runMain(): void {
  const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
  let starts = 0
  const engine = startEngine(__filename, {
    log: () => {},
    onEvent(event) {
      say(event)
      if (event.state !== 'started') return
      starts++
      const { port1, port2 } = new MessageChannelMain()
      if (engine.request()) engine.connect(port1)
      port2.on('message', ({ data }) => {
        say(data)
        const message = data as { type: string; id: number }
        if (message.type === 'end') port2.postMessage({ type: 'call', id: 3, name: 'die', input: {} })
        if (message.id === 1 && starts === 2) {
          engine.stop()
          app.quit()
        }
      })
      port2.start()
      port2.postMessage({ type: 'call', id: 1, name: 'system.info', input: { a: 1 } })
      if (starts === 1) port2.postMessage({ type: 'open', id: 2, name: 'jobs.watch', input: {} })
    },
  })
}
