/// <reference lib="dom" />
/**
 * How soon there is something to see: from the request of the page, while the engine answers, to the first view with
 * its data, in a browser and in the real window; and the whole start of the window, engine included.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startBrowser } from '../test/support/browser.ts'
import { runCli } from '../test/support/cli.ts'
import { noWindowReason, openDisplay, openWindow, startOf } from '../test/support/electron.ts'
import { startServe } from '../test/support/serve.ts'

const tries = 7

/** Makes a sample workspace and prints the times; the built pages must be there (`npm run build`). */
export async function benchWindow(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parallax-bench-window-'))
  const [home, root] = [join(folder, 'home'), join(folder, 'UniLIP')]
  try {
    const made = await runCli(['demo', '--output', root, '--offline'], { home })
    if (made.status !== 0) throw new Error(`parallax demo ended with ${made.status}: ${made.stderr}`)
    await timeBrowser(home, root)
    await timeWindow(home)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function timeBrowser(home: string, root: string): Promise<void> {
  const browser = await startBrowser()
  if (!browser) return
  const serve = await startServe(home, { args: ['--workspace', root] })
  try {
    const times: number[] = []
    for (let index = 0; index < tries; index++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      const page = await context.newPage()
      await page.goto(serve.url, { waitUntil: 'commit' })
      times.push(await firstView(page))
      await context.close()
    }
    print('first view in a browser with nothing cached', times)
  } finally {
    await browser.close()
    await serve.end('SIGTERM')
  }
}

async function timeWindow(home: string): Promise<void> {
  if (noWindowReason !== undefined) return console.log(`the window was not timed: ${noWindowReason}`)
  const display = await openDisplay()
  try {
    const startedAt = performance.now()
    const { app, page } = await openWindow(startOf(home, display.display))
    await firstView(page)
    print('start of the window to its first view, engine included', [performance.now() - startedAt])
    const times: number[] = []
    for (let index = 0; index < tries; index++) {
      await page.reload({ waitUntil: 'commit' })
      times.push(await firstView(page))
    }
    print('first view in the window', times)
    await app.close()
  } finally {
    display.close()
  }
}

/** Milliseconds from the request of the page until the table of evaluation runs and their scores stand there. */
async function firstView(page: Page): Promise<number> {
  const handle = await page.waitForFunction(
    () => (document.querySelectorAll('main table tbody tr').length >= 4 ? Math.round(performance.now()) : 0),
    undefined,
    { polling: 'raf' },
  )
  return handle.jsonValue()
}

function print(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  const range = sorted.length > 1 ? ` (${Math.round(sorted[0])} to ${Math.round(sorted.at(-1)!)})` : ''
  console.log(`${what}: ${Math.round(middle)} ms${range}`)
}
