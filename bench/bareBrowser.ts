/**
 * A browser that nothing watches. Playwright listens to every request of a page and its workers and has their bodies
 * kept: a third of the processor time that a new pair took in Compare. A person's browser does neither.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { browserCandidates } from '../test/support/browser.ts'

export type MouseEventType = 'mousePressed' | 'mouseMoved' | 'mouseReleased' | 'mouseWheel'

export type BarePage = {
  /** Resolves when the new document has begun. */
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Runs a function in the page. @param act may not use anything from outside. */
  evaluate<Value, Input = undefined>(act: (input: Input) => Value, input?: Input): Promise<Awaited<Value>>
  /** Asks at every picture of the screen until the answer is neither false nor 0, and gives it. */
  until<Value, Input = undefined>(ask: (input: Input) => Value, input?: Input): Promise<Value>
  mouse(type: MouseEventType, x: number, y: number, deltaY?: number): Promise<void>
  press(key: string): Promise<void>
  /** Of the JavaScript heap, after a collection. */
  heapBytes(): Promise<number>
  close(): Promise<void>
}

export type BareBrowser = {
  /** A page with a profile of its own, in which nothing is cached. */
  newPage(size: { width: number; height: number }): Promise<BarePage>
  processes(): Promise<{ id: number; type: string }[]>
  close(): Promise<void>
}

const options = [
  '--headless',
  '--no-sandbox',
  '--no-first-run',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--disable-background-networking',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--remote-debugging-port=0',
]

/** Starts the first browser that can be; `undefined`, with a word on the terminal, where there is none. */
export async function startBareBrowser(): Promise<BareBrowser | undefined> {
  for (const { path, args } of await browserCandidates()) {
    const profile = await mkdtemp(join(tmpdir(), 'parallax-bench-browser-'))
    const child = spawn(path, [...args, ...options, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const ended = once(child, 'exit').catch(() => undefined)
    const end = async () => {
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    }
    let address: string | undefined
    for await (const line of createInterface({ input: child.stderr })) {
      address = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
      if (address !== undefined) break
    }
    // What it says further on must not fill the pipe.
    child.stderr.resume()
    if (address !== undefined) return control(address, end)
    await end()
  }
  console.warn('Skipped: no browser could be started (set PARALLAX_CHROMIUM).')
  return undefined
}

async function control(address: string, ended: () => Promise<void>): Promise<BareBrowser> {
  const line = await openLine(address)
  return {
    async newPage({ width, height }) {
      const { browserContextId } = await line.call<{ browserContextId: string }>(
        'Target.createBrowserContext',
      )
      const { targetId } = await line.call<{ targetId: string }>('Target.createTarget', {
        url: 'about:blank',
        browserContextId,
        width,
        height,
      })
      const page = await openLine(new URL(`/devtools/page/${targetId}`, address).href)
      await page.call('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: false,
      })
      return pageOn(page, async () => {
        page.close()
        await line.call('Target.disposeBrowserContext', { browserContextId })
      })
    },
    processes: async () =>
      (await line.call<{ processInfo: { id: number; type: string }[] }>('SystemInfo.getProcessInfo'))
        .processInfo,
    async close() {
      // It may be gone before it has answered.
      await line.call('Browser.close').catch(() => undefined)
      await ended()
    },
  }
}

function pageOn(line: Line, close: () => Promise<void>): BarePage {
  async function run<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await line.call<{
      result: { value: Value }
      exceptionDetails?: { exception?: { description?: string }; text: string }
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }
  const callOf = (act: (input: never) => unknown, input: unknown) =>
    `(${act.toString()})(${JSON.stringify(input) ?? 'undefined'})`
  return {
    async goto(url) {
      await line.call('Page.navigate', { url })
    },
    async reload() {
      // The old document would still answer for a moment.
      await run('window.isOld = true')
      await line.call('Page.reload')
      while (await run<boolean>('window.isOld === true').catch(() => true)) await setTimeout(5)
    },
    evaluate: (act, input) => run(callOf(act, input)),
    until: (ask, input) =>
      run(`new Promise((resolve) => {
        const look = () => {
          const answer = ${callOf(ask, input)}
          if (answer) resolve(answer)
          else requestAnimationFrame(look)
        }
        look()
      })`),
    async mouse(type, x, y, deltaY = 0) {
      const held = type === 'mouseWheel' ? {} : { button: 'left', buttons: 1, clickCount: 1 }
      await line.call('Input.dispatchMouseEvent', { type, x, y, deltaX: 0, deltaY, ...held })
    },
    async press(key) {
      const code = key === ' ' ? 'Space' : key
      const text = key.length === 1 ? { text: key } : {}
      const windowsVirtualKeyCode = { ' ': 32, Home: 36 }[key]
      await line.call('Input.dispatchKeyEvent', {
        type: 'keyDown',
        key,
        code,
        windowsVirtualKeyCode,
        ...text,
      })
      await line.call('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode })
    },
    async heapBytes() {
      await line.call('HeapProfiler.collectGarbage')
      return (await line.call<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize
    },
    close,
  }
}

/** Calls of the DevTools protocol over one WebSocket. */
type Line = { call<Value>(method: string, params?: object): Promise<Value>; close(): void }

async function openLine(address: string): Promise<Line> {
  const socket = new WebSocket(address)
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error(`No line to the browser at ${address}.`))
  })
  let lastId = 0
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as {
      id: number
      result: never
      error?: { message: string }
    }
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error) asked?.reject(new Error(error.message))
    else asked?.resolve(result)
  }
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error('The browser has gone.'))
    waiting.clear()
  }
  return {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        waiting.set(++lastId, { resolve, reject })
        socket.send(JSON.stringify({ id: lastId, method, params }))
      }),
    close: () => socket.close(),
  }
}
