/// <reference lib="dom" />
/**
 * How smooth Compare is with pairs of 1280×720 JPEGs, in a real browser: pictures a second while a person scrubs and
 * while it plays, with those that were due and never shown; how long a folder of 100,000 frames takes to open; and,
 * with `--minutes N`, what memory does while it plays at 8×. The built pages must be there (`npm run build`).
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { startBrowser } from '../test/support/browser.ts'
import { startServe, type Serve } from '../test/support/serve.ts'
import { makeLargePairs } from './frames.ts'
import { addScoredRun } from './scoredRun.ts'

const pairs = 480
const manyFrames = 100_000
const viewport = { width: 1440, height: 900 }

/** @param minutes how long memory is watched; 0 leaves that out. */
export async function benchCompare(minutes: number): Promise<void> {
  const browser = await startBrowser()
  if (!browser) return
  const folder = await mkdtemp(join(tmpdir(), 'parallax-bench-compare-'))
  const home = join(folder, 'home')
  let serve: Serve | undefined
  try {
    const few = await makeRun(folder, home, 'few', pairs)
    const many = await makeRun(folder, home, 'many', manyFrames)
    serve = await startServe(home)
    if (minutes > 0) await watchMemory(browser, serve, few, minutes)
    else {
      for (const mode of ['side', 'wipe', 'difference']) await timeMode(browser, serve, few, mode)
      await timeOpening(browser, serve, many)
    }
  } finally {
    await browser.close()
    await serve?.end('SIGTERM')
    await rm(folder, { recursive: true, force: true })
  }
}

/** A folder of pairs with made-up scores, as if it had been benchmarked. Gives the id of its run. */
async function makeRun(folder: string, home: string, name: string, count: number): Promise<string> {
  const [gt, pred] = [join(folder, name, 'gt'), join(folder, name, 'pred')]
  await makeLargePairs(gt, pred, count)
  return addScoredRun(home, { referenceDir: gt, predictionDir: pred, map: name })
}

async function openPair(browser: Browser, serve: Serve, query: string): Promise<Page> {
  const page = await browser.newPage({ viewport })
  await page.goto(`http://127.0.0.1:${serve.port}/#/compare?${query}&token=${serve.token}`)
  await page.locator('canvas[data-state=ready]').waitFor()
  return page
}

async function timeMode(browser: Browser, serve: Serve, run: string, mode: string): Promise<void> {
  const page = await openPair(browser, serve, `runs=${run}&mode=${mode}`)
  console.log(`\n${mode}`)
  const measure = async (what: string, act: () => Promise<Look[]>) => {
    const before = await cpuSeconds(browser, serve)
    const looks = await act()
    const after = await cpuSeconds(browser, serve)
    report(what, looks, { page: after.page - before.page, all: after.all - before.all })
  }
  await measure('scrub by 1, first time', () => scrub(page, 1))
  await measure('scrub back by 1', () => scrub(page, -1))
  await measure('scrub by 7, first time', () => scrub(page, 7))
  await page.keyboard.press('Home')
  await page.selectOption('select[aria-label="Frames per second at 1×"]', '60')
  await measure('play at 60 a second', () => watch(page, () => play(page, 5000)))
  await page.selectOption('select[aria-label="Speed"]', '8')
  await measure('play at 480 a second', () => watch(page, () => play(page, 5000)))
  const memory = await memoryOf(page, browser)
  console.log(`  memory: heap ${memory.heap} MB, processes ${memory.processes} MB`)
  await page.close()
}

type Look = { at: number; wanted: number; shown: number }

/** Notes at every picture of the screen which position is wanted and which one is on the canvas. */
async function watch(page: Page, act: () => Promise<unknown>): Promise<Look[]> {
  await page.evaluate(() => {
    const looks: unknown[] = []
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-position]')!
    const slider = document.querySelector('[role=slider][aria-valuenow]')!
    Object.assign(window, { looks, isWatching: true })
    const look = (at: number) => {
      const wanted = Number(slider.getAttribute('aria-valuenow')) - 1
      looks.push({ at, wanted, shown: Number(canvas.dataset.position) })
      if ((window as unknown as { isWatching: boolean }).isWatching) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await act()
  return page.evaluate(() => {
    const seen = window as unknown as { looks: never[]; isWatching: boolean }
    seen.isWatching = false
    return seen.looks
  })
}

async function play(page: Page, forMs: number): Promise<void> {
  await page.keyboard.press('Space')
  await page.waitForTimeout(forMs)
  await page.keyboard.press('Space')
}

/** Drags the playhead over the timeline, `step` frames every 16 ms, as a hand does that does not wait for pictures. */
async function scrub(page: Page, step: number): Promise<Look[]> {
  const cdp = await page.context().newCDPSession(page)
  const box = (await page.locator('[role=slider][aria-valuenow]').boundingBox())!
  const y = box.y + box.height / 2
  const moves = Math.floor(Math.min(300, (pairs - 1) / Math.abs(step)))
  const first = step > 0 ? 0 : moves
  const placeOf = (position: number) => box.x + ((position + 0.5) / pairs) * box.width
  await mouse(cdp, 'mousePressed', placeOf(first), y)
  await page.waitForTimeout(400)
  const looks = await watch(page, async () => {
    for (let move = 1; move <= moves; move++) {
      void mouse(cdp, 'mouseMoved', placeOf(first + move * step), y)
      await new Promise((resolve) => setTimeout(resolve, 16))
    }
    await mouse(cdp, 'mouseMoved', placeOf(first + moves * step), y)
    await page.locator('canvas[data-state=ready]').waitFor()
  })
  await mouse(cdp, 'mouseReleased', placeOf(first + moves * step), y)
  return looks
}

const mouse = (
  cdp: CDPSession,
  type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
  x: number,
  y: number,
) => cdp.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons: 1, clickCount: 1 })

type Cpu = {
  /** Seconds of the page's own thread. */
  page: number
  /** Seconds of all threads of the browser and the engine. */
  all: number
}

/** Processor time so far, which says what a picture costs however busy the machine is; NaN where that cannot be told. */
async function cpuSeconds(browser: Browser, serve: Serve): Promise<Cpu> {
  const cdp = await browser.newBrowserCDPSession()
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  await cdp.detach()
  const ticksOf = async (file: string) => {
    const fields = (await readFile(file, 'utf8').catch(() => '')).split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  }
  let [page, all] = [0, await ticksOf(`/proc/${serve.pid}/stat`)]
  for (const { id, type } of processInfo) {
    all += await ticksOf(`/proc/${id}/stat`)
    // The first thread of a process is the page's own. The process of the page that is watched works most.
    if (type === 'renderer') page = Math.max(page, await ticksOf(`/proc/${id}/task/${id}/stat`))
  }
  return { page, all }
}

/** Pictures a second, how many of those wanted were never shown, and how late the others came. */
function report(what: string, looks: readonly Look[], cpu: Cpu): void {
  const seconds = (looks.at(-1)!.at - looks[0].at) / 1000
  const shownAt = new Map<number, number>()
  let pictures = 0
  looks.forEach(({ at, shown }, index) => {
    if (index > 0 && looks[index - 1].shown === shown) return
    pictures++
    shownAt.set(shown, at)
  })
  const wantedAt = new Map<number, number>()
  for (const { at, wanted } of looks) if (!wantedAt.has(wanted)) wantedAt.set(wanted, at)
  const late = [...wantedAt].flatMap(([position, at]) => {
    const shown = shownAt.get(position)
    return shown === undefined ? [] : [Math.max(0, shown - at)]
  })
  const missedByHalfSecond = Array<number>(Math.floor(seconds * 2) + 1).fill(0)
  for (const [position, at] of wantedAt)
    if (!shownAt.has(position)) missedByHalfSecond[Math.floor((at - looks[0].at) / 500)]++
  late.sort((a, b) => a - b)
  const quantile = (share: number) => Math.round(late[Math.floor(share * (late.length - 1))] ?? NaN)
  const rate = (count: number) => (count / seconds).toFixed(1)
  console.log(
    `  ${what}: ${rate(pictures)} pictures/s of ${rate(wantedAt.size)} wanted, ${wantedAt.size - late.length} never shown (in each half second ${missedByHalfSecond.join(' ')}), ` +
      `late by ${quantile(0.5)} ms (p50) ${quantile(0.95)} ms (p95), ` +
      `screen ${rate(looks.length)}/s; a picture takes ${((cpu.page / pictures) * 1000).toFixed(0)} ms of the page's thread, ` +
      `${((cpu.all / pictures) * 1000).toFixed(0)} ms of all`,
  )
}

async function timeOpening(browser: Browser, serve: Serve, run: string): Promise<void> {
  const [cold, warm]: number[][] = [[], []]
  for (let index = 0; index < 3; index++) {
    const page = await browser.newPage({ viewport })
    const origin = `http://127.0.0.1:${serve.port}/`
    await page.goto(`${origin}#/compare?runs=${run}&token=${serve.token}`, { waitUntil: 'commit' })
    cold.push(await firstPair(page))
    if (index === 2) await timeZooming(page)
    // As a click on a run does it in a studio that is open.
    await page.goto(`${origin}#/compare`)
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    await page.waitForTimeout(1000)
    const clickedAt = await page.evaluate((address) => {
      location.hash = address
      return performance.now()
    }, `/compare?runs=${run}`)
    warm.push((await firstPair(page)) - clickedAt)
    await page.close()
  }
  const list = (times: readonly number[]) => times.map(Math.round).join(', ')
  console.log(`a folder of ${manyFrames} frames, to its first pair: ${list(warm)} ms from another page`)
  console.log(`  ${list(cold)} ms from the request of the page, with nothing cached at first`)
}

/** When the first pair was on the canvas, in milliseconds since the page was asked for. */
async function firstPair(page: Page): Promise<number> {
  const handle = await page.waitForFunction(
    () => (document.querySelector('canvas[data-state=ready]') ? performance.now() : 0),
    undefined,
    { polling: 'raf' },
  )
  return handle.jsonValue()
}

/** Turns the wheel over the timeline of all frames, in and out. */
async function timeZooming(page: Page): Promise<void> {
  const box = (await page.locator('[role=slider][aria-valuenow]').boundingBox())!
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2)
  const cdp = await page.context().newCDPSession(page)
  const looks = await watch(page, async () => {
    for (let turn = 0; turn < 180; turn++) {
      void cdp.send('Input.dispatchMouseEvent', {
        type: 'mouseWheel',
        x: box.x + box.width / 3,
        y: box.y + box.height / 2,
        deltaX: 0,
        deltaY: turn < 90 ? -40 : 40,
      })
      await new Promise((resolve) => setTimeout(resolve, 16))
    }
  })
  const gaps = looks.slice(1).map(({ at }, index) => at - looks[index].at)
  gaps.sort((a, b) => a - b)
  console.log(
    `zooming its timeline: a picture of the screen every ${gaps[Math.floor(gaps.length / 2)].toFixed(0)} ms (p50), ${gaps[Math.floor(gaps.length * 0.95)].toFixed(0)} ms (p95)`,
  )
}

async function watchMemory(browser: Browser, serve: Serve, run: string, minutes: number): Promise<void> {
  const page = await openPair(browser, serve, `runs=${run}`)
  await page.selectOption('select[aria-label="Speed"]', '8')
  await page.keyboard.press('Space')
  for (let half = 0; half <= minutes * 2; half++) {
    const memory = await memoryOf(page, browser)
    console.log(
      `  ${half / 2} min at 8×: heap ${memory.heap} MB, browser ${memory.processes} MB, engine ${await residentMb(serve.pid)} MB`,
    )
    if (half < minutes * 2) await page.waitForTimeout(30_000)
  }
  await page.close()
}

/** JavaScript heap of the page after a collection, and resident memory of all processes of the browser, in MB. */
async function memoryOf(page: Page, browser: Browser): Promise<{ heap: number; processes: number }> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = (await cdp.send('Runtime.getHeapUsage')) as { usedSize: number }
  const all = await browser.newBrowserCDPSession()
  const { processInfo } = await all.send('SystemInfo.getProcessInfo')
  let processes = 0
  for (const { id } of processInfo) processes += await residentMb(id)
  await all.detach()
  return { heap: Math.round(usedSize / 2 ** 20), processes: Math.round(processes) }
}

/** Resident memory of a process; NaN where that cannot be told. */
async function residentMb(pid: number): Promise<number> {
  try {
    if (process.platform === 'linux') {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024)
    }
    return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024)
  } catch {
    return NaN
  }
}
