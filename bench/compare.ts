/// <reference lib="dom" />
/**
 * How smooth Compare is with pairs of 1280×720 JPEGs, in a real browser: pictures a second while a person scrubs (at
 * once, and after a look at the first pair) and while it plays, with those that were never shown; how long a folder of
 * 100,000 frames takes to open; and, with `--minutes N`, what memory does while it plays at 8×. The built pages must be
 * there (`npm run build`).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startServe, type Serve } from '../test/support/serve.ts'
import { startBareBrowser, type BareBrowser, type BarePage } from './bareBrowser.ts'
import { makeLargePairs } from './frames.ts'
import { cpuSeconds, memoryOf, residentMb } from './processUse.ts'
import { addScoredRun } from './scoredRun.ts'
import { costOf, firstPair, play, quantile, scrub, timelineBox, watch, type Watched } from './smoothness.ts'

const pairs = 480
const manyFrames = 100_000
const viewport = { width: 1440, height: 900 }

/** @param minutes how long memory is watched; 0 leaves that out. */
export async function benchCompare(minutes: number): Promise<void> {
  const browser = await startBareBrowser()
  if (!browser) return
  const folder = await mkdtemp(join(tmpdir(), 'parallax-bench-compare-'))
  const home = join(folder, 'home')
  let serve: Serve | undefined
  try {
    const few = await makeRun(folder, home, 'few', pairs)
    const many = await makeRun(folder, home, 'many', manyFrames)
    serve = await startServe(home)
    if (minutes > 0) await watchMemory(browser, serve, many, minutes)
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

async function openPair(browser: BareBrowser, serve: Serve, query: string): Promise<BarePage> {
  const page = await browser.newPage(viewport)
  await page.goto(`http://127.0.0.1:${serve.port}/#/compare?${query}&token=${serve.token}`)
  await firstPair(page)
  return page
}

async function timeMode(browser: BareBrowser, serve: Serve, run: string, mode: string): Promise<void> {
  console.log(`\n${mode}`)
  for (const restMs of [0, 6000]) {
    const page = await openPair(browser, serve, `runs=${run}&mode=${mode}`)
    await setTimeout(restMs)
    const what = restMs === 0 ? 'as soon as the first pair is there' : `after ${restMs / 1000} s of looking`
    const measure = async (what: string, act: () => Promise<Watched>) => {
      const before = await cpuSeconds(browser, serve)
      const { looks, words } = await act()
      const after = await cpuSeconds(browser, serve)
      const cost = costOf(looks, { page: after.page - before.page, all: after.all - before.all })
      console.log(`  ${what}: ${words}; ${cost}`)
    }
    await measure(`scrub by 1, ${what}`, () => scrub(page, pairs, 1))
    if (restMs > 0) {
      await measure('scrub back by 1', () => scrub(page, pairs, -1))
      await measure('scrub by 7, first time', () => scrub(page, pairs, 7))
      await page.press('Home')
      await choose(page, 'Frames per second at 1×', '60')
      await measure('play at 60 a second', () => play(page, 5000, 60))
      await choose(page, 'Speed', '8')
      await measure('play at 480 a second', () => play(page, 5000, 480))
      const memory = await memoryOf(page, browser)
      console.log(`  memory: heap ${memory.heap} MB, processes ${memory.processes} MB`)
    }
    await page.close()
  }
}

async function timeOpening(browser: BareBrowser, serve: Serve, run: string): Promise<void> {
  const [cold, warm]: number[][] = [[], []]
  for (let index = 0; index < 3; index++) {
    const page = await browser.newPage(viewport)
    const origin = `http://127.0.0.1:${serve.port}/`
    await page.goto(`${origin}#/compare?runs=${run}&token=${serve.token}`)
    cold.push(await firstPair(page))
    if (index === 2) await timeZooming(page)
    // As a click on a run does it in a studio that is open.
    await page.goto(`${origin}#/compare`)
    await page.reload()
    await page.until(() => document.querySelector('h1') !== null)
    await setTimeout(1000)
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

/** Chooses in a plain select, as a person would. */
const choose = (page: BarePage, label: string, value: string) =>
  page.evaluate(
    ({ label, value }) => {
      const select = document.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`)!
      select.value = value
      select.dispatchEvent(new Event('change', { bubbles: true }))
    },
    { label, value },
  )

/** Turns the wheel over the timeline of all frames, in and out. */
async function timeZooming(page: BarePage): Promise<void> {
  const box = await timelineBox(page)
  const [x, y] = [box.x + box.width / 3, box.y + box.height / 2]
  await page.mouse('mouseMoved', x, y)
  const looks = await watch(page, async () => {
    for (let turn = 0; turn < 180; turn++) {
      void page.mouse('mouseWheel', x, y, turn < 90 ? -40 : 40)
      await setTimeout(16)
    }
  })
  const gaps = looks.slice(1).map(({ at }, index) => at - looks[index].at)
  gaps.sort((a, b) => a - b)
  console.log(
    `zooming its timeline: a picture of the screen every ${quantile(gaps, 0.5)} ms (p50), ${quantile(gaps, 0.95)} ms (p95)`,
  )
}

/** Plays on and on through far more pictures than the page keeps. */
async function watchMemory(browser: BareBrowser, serve: Serve, run: string, minutes: number): Promise<void> {
  const page = await openPair(browser, serve, `runs=${run}`)
  await choose(page, 'Speed', '8')
  await page.press(' ')
  for (let half = 0; half <= minutes * 2; half++) {
    const memory = await memoryOf(page, browser)
    console.log(
      `  ${half / 2} min at 8×: heap ${memory.heap} MB, browser ${memory.processes} MB, engine ${await residentMb(serve.pid)} MB`,
    )
    if (half < minutes * 2) await setTimeout(30_000)
  }
  await page.close()
}
