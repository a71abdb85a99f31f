/// <reference lib="dom" />
/** Compare in a real browser: what is on the canvas is read back pixel by pixel. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImageFile } from '../../src/main/core/images/imageFile.ts'
import type { HttpDoor } from '../../src/main/hosts/http/server.ts'
import { startBrowser } from '../support/browser.ts'
import { temporaryFolder } from '../support/frames.ts'
import {
  blockShare,
  numberBits,
  numberedName,
  writeNumberedFrames,
  type NumberedSource,
} from '../support/numberedFrames.ts'
import { colourAt, decode } from '../main/core/videos/counterFrames.ts'
import { openPagesDoor } from '../support/pagesDoor.ts'
import { openStudio, type TestStudio } from '../support/studio.ts'

const frames = 40
const truth: NumberedSource = { width: 320, height: 180, ground: [20, 40, 60] }
const bright: NumberedSource = { width: 320, height: 180, ground: [200, 150, 100] }
const large: NumberedSource = { width: 1280, height: 720, ground: [60, 70, 80] }
const small: NumberedSource = { width: 160, height: 90, ground: [90, 60, 160] }

// Started here, because whether there is a browser decides what is skipped.
const browser: Browser | undefined = await startBrowser()
let test: TestStudio
let door: HttpDoor
const root = temporaryFolder('compare')
const folders = {
  truth: join(root, 'data/preprocessed_data/de_test/imgs'),
  bright: join(root, 'outputs_eval/bright/test_20260101_101010/gen_imgs/de_test'),
  same: join(root, 'outputs_eval/same/test_20260101_101010/gen_imgs/de_test'),
  largeTruth: join(root, 'data/preprocessed_data/de_large/imgs'),
  large: join(root, 'outputs_eval/large/test_20260101_101010/gen_imgs/de_large'),
  small: join(root, 'outputs_eval/small/test_20260101_101010/gen_imgs/de_test'),
}
const runs = { bright: '', same: '', small: '', large: '' }

beforeAll(async () => {
  if (!browser) return
  await writeNumberedFrames(folders.truth, truth, frames)
  await writeNumberedFrames(folders.bright, bright, frames)
  await writeNumberedFrames(folders.small, small, frames)
  await cp(folders.truth, folders.same, { recursive: true })
  await writeNumberedFrames(folders.largeTruth, large, frames, 'jpg')
  await writeNumberedFrames(folders.large, { ...large, ground: [150, 120, 90] }, frames, 'jpg')
  test = openStudio()
  await test.call('workspaces.open', { root })
  for (const name of ['bright', 'same', 'small', 'large'] as const) {
    const job = await test.call('benchmark.start', {
      workspace: root,
      reference: name === 'large' ? folders.largeTruth : folders.truth,
      prediction: folders[name],
      groups: ['psnr_ssim'],
    })
    const { result } = await test.finished(job.id)
    runs[name] = (result as { runIds: string[] }).runIds[0]
  }
  door = await openPagesDoor(test.studio, root)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await door?.close()
  await test?.studio.close()
})

async function openCompare(query: string, deviceScaleFactor = 1): Promise<Page> {
  const page = await browser!.newPage({ viewport: { width: 1200, height: 800 }, deviceScaleFactor })
  await page.goto(`http://127.0.0.1:${door.port}/#/compare?${query}&token=${door.token}`)
  await settled(page)
  return page
}

/** Waits until the canvas shows the playhead's frame, everything arrived. */
async function settled(page: Page, position?: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-position]')
      return (
        canvas?.dataset.state === 'ready' &&
        (wanted === undefined || canvas.dataset.position === String(wanted))
      )
    },
    position,
    { timeout: 20_000 },
  )
  // One more picture of the screen, so that what is read back was drawn after the last change.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

/** Colours on the canvas at places of a pane's picture, given as shares 0..1 of the picture. */
function readPane(page: Page, pane: number, places: [number, number][]): Promise<number[][]> {
  return page.evaluate(
    ({ pane, places, size }) => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-position]')!
      const box = document.querySelector<HTMLElement>(`[data-pane="${pane}"]`)!
      const ratio = devicePixelRatio
      const [left, top] = [box.offsetLeft * ratio, box.offsetTop * ratio]
      const [width, height] = [box.offsetWidth * ratio, box.offsetHeight * ratio]
      const zoom = Math.min(width / size.width, height / size.height)
      const x0 = Math.round(left + width / 2 - (size.width * zoom) / 2)
      const y0 = Math.round(top + height / 2 - (size.height * zoom) / 2)
      const context = canvas.getContext('2d')!
      return places.map(([x, y]) => [
        ...context.getImageData(
          Math.floor(x0 + x * size.width * zoom),
          Math.floor(y0 + y * size.height * zoom),
          1,
          1,
        ).data,
      ])
    },
    { pane, places, size: truth },
  )
}

/** The frame number drawn in a pane's picture. */
async function readNumber(page: Page, pane: number): Promise<number> {
  const places = Array.from({ length: numberBits }, (_, bit): [number, number] => [
    (bit + 0.5) * blockShare,
    (0.5 * blockShare * truth.width) / truth.height,
  ])
  const colors = await readPane(page, pane, places)
  return colors.reduce((number, [level]) => number * 2 + (level > 127 ? 1 : 0), 0)
}

const isNear = (color: number[], { ground }: NumberedSource) =>
  color.slice(0, 3).every((level, channel) => level >= ground[channel] - 1 && level <= ground[channel] + 24)

/** The frame numbers in the first two panes, read in one moment while it plays, and what the canvas says of itself. */
function lookAtOnce(
  page: Page,
): Promise<{ numbers: number[]; position: number; state: string; words: string }> {
  return page.evaluate(
    ({ bits, share, size }) => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-position]')!
      const context = canvas.getContext('2d')!
      const numbers = [0, 1].map((pane) => {
        const box = document.querySelector<HTMLElement>(`[data-pane="${pane}"]`)!
        const zoom = Math.min(box.offsetWidth / size.width, box.offsetHeight / size.height)
        const x0 = box.offsetLeft + box.offsetWidth / 2 - (size.width * zoom) / 2
        const y0 = box.offsetTop + box.offsetHeight / 2 - (size.height * zoom) / 2
        let number = 0
        for (let bit = 0; bit < bits; bit++) {
          const half = 0.5 * share * size.width * zoom
          const { data } = context.getImageData(
            Math.floor(x0 + (2 * bit + 1) * half),
            Math.floor(y0 + half),
            1,
            1,
          )
          number = number * 2 + (data[0] > 127 ? 1 : 0)
        }
        return number
      })
      const words = canvas.parentElement!.textContent!
      return { numbers, position: Number(canvas.dataset.position), state: canvas.dataset.state!, words }
    },
    { bits: numberBits, share: blockShare, size: { width: truth.width, height: truth.height } },
  )
}

/** What the side panel says of the pixel under the pointer. */
function readPanel(page: Page) {
  return page.evaluate(() => {
    const table = document.querySelector('[data-testid="pixels"]')!
    const [, x, y] = /x (\d+)\s+y (\d+)/.exec(table.parentElement!.querySelector('small')!.textContent!)!
    const values = [...table.querySelectorAll('tr')].map((row) => ({
      source: row.dataset.source!,
      rgb: [...row.querySelectorAll('td')].slice(0, 3).map((cell) => Number(cell.textContent)),
    }))
    return { x: Number(x), y: Number(y), values }
  })
}

/** A generator of its own, so that a failure can be seen again. */
function randomFrom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Goes to frames in every way there is, changes modes, and reads the number in every pane each time. */
async function wander(page: Page, turns: number): Promise<void> {
  const random = randomFrom(20260204)
  let position = 0
  const bounded = (wanted: number) => Math.min(frames - 1, Math.max(0, wanted))
  let mode = 's'
  for (let turn = 0; turn < turns; turn++) {
    const kind = random(6)
    if (kind === 0) {
      position = random(frames)
      await page.fill('#compare-frame', String(position + 1))
      await page.keyboard.press('Enter')
    } else if (kind === 1) {
      position = bounded(position + 1)
      await page.keyboard.press('ArrowRight')
    } else if (kind === 2) {
      position = bounded(position - 10)
      await page.keyboard.press('Shift+ArrowLeft')
    } else if (kind === 3) {
      position = random(2) === 0 ? 0 : frames - 1
      await page.keyboard.press(position === 0 ? 'Home' : 'End')
    } else if (kind === 4) {
      for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight')
      position = bounded(position + 3)
    } else {
      const next = ['s', 'q', 'w', 'o', 'b'][random(5)]
      // A key of a mode leads back when it is pressed twice.
      mode = next === mode && 'wob'.includes(next) ? 's' : next
      await page.keyboard.press(next)
    }
    await settled(page, position)
    const panes = await page.locator('[data-pane]').count()
    for (let pane = 0; pane < panes; pane++)
      expect([turn, mode, pane, await readNumber(page, pane)]).toEqual([turn, mode, pane, position])
  }
}

describe.skipIf(!browser)('Compare in a browser', () => {
  it('shows the frame that was asked for after 200 seeks, steps and changes of mode', async () => {
    const page = await openCompare(`runs=${runs.bright},${runs.small}`)
    await wander(page, 200)
    await page.close()
  }, 120_000)

  it('plays without leaving frames of different numbers side by side, and stops where it says', async () => {
    const page = await openCompare(`runs=${runs.bright}`)
    await page.selectOption('select[aria-label="Speed"]', '2')
    await page.keyboard.press('Space')
    for (let look = 0; look < 12; look++) {
      await page.waitForTimeout(60)
      const { numbers, position } = await lookAtOnce(page)
      expect(numbers).toEqual([position, position])
    }
    await page.keyboard.press('Space')
    const field = Number(await page.inputValue('#compare-frame')) - 1
    await settled(page, field)
    expect(field).toBeGreaterThan(0)
    expect(await readNumber(page, 1)).toBe(field)
    await page.close()
  })

  it('shows JPEGs that fly past at the size of the screen, and the bytes of the file when they rest', async () => {
    const page = await openCompare(`runs=${runs.large}`)
    const slider = (await page.locator('[role=slider][aria-valuenow]').boundingBox())!
    const y = slider.y + slider.height / 2
    const seen: { state: string; words: string }[] = []
    const look = async () => {
      const { numbers, position, ...shown } = await lookAtOnce(page)
      expect(numbers).toEqual([position, position])
      seen.push(shown)
    }
    await page.selectOption('select[aria-label="Frames per second at 1×"]', '30')
    await page.keyboard.press('Space')
    for (let turn = 0; turn < 20; turn++) {
      await page.waitForTimeout(50)
      await look()
    }
    await page.keyboard.press('Space')
    await page.mouse.move(slider.x + 2, y)
    await page.mouse.down()
    for (let move = 1; move < 40; move++) {
      await page.mouse.move(slider.x + 2 + (slider.width * move) / 45, y)
      await page.waitForTimeout(20)
      await look()
    }
    await page.mouse.up()
    // Coarser than the file, without the word for a picture that is smaller than its pane.
    const flying = seen.filter(({ state, words }) => state === 'preview' && !words.includes('preview'))
    expect(flying.length).toBeGreaterThan(3)
    await settled(page)
    const box = (await page.locator('[data-pane="0"]').boundingBox())!
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.55)
    await page.waitForFunction(() =>
      /\d{2}/.test(document.querySelector('[data-testid="pixels"] td')!.textContent!),
    )
    const { position } = await lookAtOnce(page)
    const { x, y: row, values } = await readPanel(page)
    expect(x).toBeGreaterThan(large.width / 2)
    for (const [at, folder] of [folders.largeTruth, folders.large].entries()) {
      const { data, width } = await decodeImageFile(join(folder, numberedName(position, 'jpg')))
      const offset = (row * width + x) * 3
      expect(values[at].rgb).toEqual([...data.subarray(offset, offset + 3)])
    }
    await page.close()
  })

  it('makes pictures ready far around a playhead that rests, so that a hand finds them there', async () => {
    const page = await browser!.newPage({ viewport: { width: 1200, height: 800 } })
    const asked: string[] = []
    page.on('request', (request) => asked.push(...new URL(request.url()).searchParams.getAll('path')))
    await page.goto(`http://127.0.0.1:${door.port}/#/compare?runs=${runs.large}&frame=5&token=${door.token}`)
    await settled(page)
    const all = Array.from({ length: frames }, (_, at) => numberedName(at, 'jpg'))
    const files = [folders.largeTruth, folders.large].flatMap((folder) =>
      all.map((name) => join(folder, name)),
    )
    for (let turn = 0; turn < 100 && !files.every((path) => asked.includes(path)); turn++)
      await page.waitForTimeout(100)
    expect(files.filter((path) => !asked.includes(path))).toEqual([])
    await page.waitForTimeout(500)
    // From here on no picture comes any more, however slow the hand is.
    let held = 0
    await page.route('**/media/**', () => void held++)
    const slider = (await page.locator('[role=slider][aria-valuenow]').boundingBox())!
    const y = slider.y + slider.height / 2
    await page.mouse.move(slider.x + 2, y)
    await page.mouse.down()
    const seen = new Set<number>()
    for (let move = 1; move < 40; move++) {
      await page.mouse.move(slider.x + 2 + (slider.width * move) / 45, y)
      await page.waitForFunction(() => {
        const wanted = Number(document.querySelector('[role=slider][aria-valuenow]')!.ariaValueNow) - 1
        return (
          document.querySelector<HTMLCanvasElement>('canvas[data-position]')!.dataset.position ===
          String(wanted)
        )
      })
      const { numbers, position } = await lookAtOnce(page)
      expect(numbers).toEqual([position, position])
      seen.add(position)
    }
    expect(seen.size).toBeGreaterThan(20)
    // Where the hand comes to rest the files' own pixels are wanted, and are held up.
    while (held === 0) await page.waitForTimeout(50)
    await page.mouse.up()
    await page.close()
  })

  it('draws the difference of equal pictures black, and of others as the bytes differ', async () => {
    const page = await openCompare(`runs=${runs.same},${runs.bright}&mode=difference&frame=7`)
    const grid = Array.from({ length: 400 }, (_, at): [number, number] => [
      ((at % 20) + 0.5) / 20,
      (Math.floor(at / 20) + 0.5) / 20,
    ])
    expect(new Set((await readPane(page, 0, grid)).map(String))).toEqual(new Set(['0,0,0,255']))
    const [color] = await readPane(page, 1, [[0.5, 0.5]])
    // 180, 110 and 40 levels apart, four times: white, white, 160.
    expect(color.slice(0, 3)).toEqual([255, 255, 160])
    await page.close()
  })

  it('draws differences that fly past from smaller pictures, and the files’ own when they rest', async () => {
    const page = await openCompare(`runs=${runs.large}&mode=difference`)
    // Ground 90, 50 and 10 levels apart, four times, with what JPEG makes of it.
    const isRight = ([red, green, blue]: number[]) =>
      red > 240 && Math.abs(green - 200) < 24 && Math.abs(blue - 40) < 24
    const state = () => page.locator('canvas[data-position]').getAttribute('data-state')
    const seen: { state: string | null; isRight: boolean }[] = []
    await page.selectOption('select[aria-label="Frames per second at 1×"]', '30')
    await page.keyboard.press('Space')
    for (let turn = 0; turn < 20; turn++) {
      await page.waitForTimeout(50)
      seen.push({ state: await state(), isRight: isRight((await readPane(page, 0, [[0.6, 0.6]]))[0]) })
    }
    await page.keyboard.press('Space')
    expect(seen.filter((one) => one.state === 'preview' && one.isRight).length).toBeGreaterThan(3)
    expect(seen.filter((one) => !one.isRight)).toEqual([])
    await settled(page)
    expect(isRight((await readPane(page, 0, [[0.6, 0.6]]))[0])).toBe(true)
    await page.close()
  })

  it('has a field for the number of a frame', async () => {
    const page = await openCompare(`runs=${runs.bright}&frame=3`)
    const field = page.getByRole('textbox', { name: 'Frame number' })
    const goTo = async (typed: string, key: string) => {
      await field.click()
      await page.keyboard.type(typed)
      await page.keyboard.press(key)
    }
    // The number follows calmly, like all words.
    const shows = (number: number | string) => expect.poll(() => field.inputValue()).toBe(String(number))
    const before = await field.inputValue()
    await goTo('1x7', 'Escape')
    await shows(before)
    await goTo('1x7', 'Enter')
    await settled(page, 16)
    await shows(17)
    await goTo('9999', 'Enter')
    await settled(page, frames - 1)
    await shows(frames)
    // What was typed is gone when the playhead moves, and with the arrow keys of the page it moves again.
    await page.keyboard.press('ArrowLeft')
    await settled(page, frames - 2)
    await shows(frames - 1)
    await page.close()
  })

  it('lays a smaller picture over the first one before it takes the difference', async () => {
    const page = await openCompare(`runs=${runs.small}&mode=difference&frame=7`)
    for (const place of [
      [0.2, 0.4],
      [0.5, 0.5],
      [0.9, 0.9],
    ] as [number, number][]) {
      const [[red, , , alpha]] = await readPane(page, 0, [place])
      // 70 levels apart, give or take the pattern, four times.
      expect([alpha, red >= 180]).toEqual([255, true])
    }
    await page.getByText('B 160×90 shown on 320×180: stretch').waitFor()
    await page.close()
  })

  it('keeps every name out of the page while a vote is open', async () => {
    const page = await browser!.newPage({ viewport: { width: 1200, height: 800 } })
    const seen: string[] = []
    page.on('request', (request) => seen.push(request.url()))
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => seen.push(String(payload)))
    })
    const { id } = await test.call('compare.startVote', { runIds: [runs.bright, runs.small], questions: 3 })
    await page.goto(`http://127.0.0.1:${door.port}/#/compare/vote?session=${id}&token=${door.token}`)
    for (let question = 1; question <= 3; question++) {
      await page.getByText(`question ${question} of 3`).waitFor()
      await page.waitForFunction(() =>
        [...document.querySelectorAll<HTMLImageElement>('main img')].every(
          ({ complete, naturalWidth }) => complete && naturalWidth > 0,
        ),
      )
      seen.push(await page.content(), page.url(), await page.title())
      await page.keyboard.press(['ArrowLeft', 'ArrowRight', 'ArrowDown'][question - 1])
    }
    await page.getByText('All questions are answered.').first().waitFor()
    // The list of jobs says what was benchmarked, and nothing about the pictures of a question.
    const told = seen.filter((text) => !text.includes('"kind":"benchmark"'))
    const names = /bright|outputs_eval|gen_imgs|test_2026/
    expect(told.filter((text) => names.test(text) || text.includes(runs.bright))).toEqual([])
    expect(told.some((text) => text.includes('cache'))).toBe(true)
    const { votes } = await test.call('compare.votes', { sessionId: id })
    expect(votes.map(({ choice }) => choice)).toEqual(['left', 'right', 'tie'])
    await page.close()
  })

  it('is led by keys alone: gain, kind, channel, alignment, histogram, line of the wipe', async () => {
    const page = await openCompare(`runs=${runs.bright}&mode=difference&frame=3`)
    const value = (label: string) => page.locator(`select[aria-label="${label}"]`).inputValue()
    for (const key of ['ArrowUp', 'Shift+D', 'r', 'a', 'h']) await page.keyboard.press(key)
    await page.locator('output', { hasText: '×8' }).waitFor()
    expect([
      await value('Kind of difference'),
      await value('Channel'),
      await value('Pictures of other sizes'),
    ]).toEqual(['signed', 'red', 'fit'])
    await page.getByText('Histogram', { exact: true }).waitFor()
    await page.keyboard.press('w')
    for (const key of ['r', 'ArrowUp', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key)
    await page.locator('output', { hasText: '15°' }).waitFor()
    await settled(page)
    // The line has moved from the middle to 0.65 of the way.
    const [left, right] = await readPane(page, 0, [
      [0.5, 0.5],
      [0.9, 0.5],
    ])
    expect([isNear(left, truth), isNear(right, bright)]).toEqual([true, true])
    await page.close()
  })

  it('has no control that lies over another, however narrow the window is', async () => {
    const page = await openCompare(`runs=${runs.bright}`)
    const overlapping = () =>
      page.evaluate(() => {
        const bar = document.querySelector('[role=radiogroup]')!.parentElement!
        const controls = [...bar.querySelectorAll('button, select, input, output, label > span, i')]
          .map((element) => ({ name: element.textContent, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0)
        const edge = bar.getBoundingClientRect().right
        return controls.flatMap((a, at) => [
          ...(a.box.right > edge + 1 ? [`${a.name} beyond the bar`] : []),
          ...controls.slice(at + 1).flatMap((b) => {
            const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
            const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
            return width > 1 && height > 1 ? [`${a.name} over ${b.name}`] : []
          }),
        ])
      })
    const rows = () =>
      page.evaluate(() => document.querySelector('[role=radiogroup]')!.parentElement!.clientHeight)
    for (const width of [1000, 1100, 1200, 1300, 1440, 1600]) {
      await page.setViewportSize({ width, height: 900 })
      for (const mode of ['Side', 'Wipe', 'Blink', 'Overlay', 'Diff', 'LPIPS']) {
        await page.getByRole('radio', { name: mode, exact: true }).click()
        expect(await overlapping(), `${mode} at ${width}`).toEqual([])
        if (width >= 1440) expect(await rows(), `${mode} at ${width}`).toBeLessThan(40)
      }
    }
    await page.close()
  })

  it('is one click away from a score in a table', async () => {
    const page = await browser!.newPage({ viewport: { width: 1200, height: 800 } })
    await page.goto(`http://127.0.0.1:${door.port}/#/runs&token=${door.token}`)
    await page.locator(`a[href="#/compare?run=${runs.small}&metric=SSIM&at=worst"]`).click()
    await settled(page)
    const { metrics } = await test.call('runs.frames', { runId: runs.small })
    const worst = metrics.SSIM.indexOf(Math.min(...metrics.SSIM.map(Number)))
    expect(await readNumber(page, 0)).toBe(worst)
    await page.close()
  })

  it('wipes with A on the left, follows the drag, and changes sides when swapped', async () => {
    const page = await openCompare(`runs=${runs.bright}&mode=wipe&frame=3`)
    const sides = async () => {
      const [left, right] = await readPane(page, 0, [
        [0.3, 0.6],
        [0.7, 0.6],
      ])
      return [left, right]
    }
    let [left, right] = await sides()
    expect([isNear(left, truth), isNear(right, bright)]).toEqual([true, true])
    await page.keyboard.press('x')
    await settled(page)
    ;[left, right] = await sides()
    expect([isNear(left, bright), isNear(right, truth)]).toEqual([true, true])
    const box = (await page.locator('[data-pane="0"]').boundingBox())!
    const y = box.y + box.height / 2
    await page.mouse.move(box.x + box.width / 2, y)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.9, y, { steps: 4 })
    await page.mouse.up()
    await settled(page)
    ;[left, right] = await sides()
    expect([isNear(left, bright), isNear(right, bright)]).toEqual([true, true])
    await page.close()
  })

  it.each([1, 2])(
    'says the stored bytes under the pointer, also zoomed, at %s device pixels per pixel',
    async (density) => {
      const page = await openCompare(`runs=${runs.bright},${runs.small}&frame=11`, density)
      const name = numberedName(11)
      const pictures = {
        reference: await decodeImageFile(join(folders.truth, name)),
        [runs.bright]: await decodeImageFile(join(folders.bright, name)),
        [runs.small]: await decodeImageFile(join(folders.small, name)),
      }
      const random = randomFrom(5)
      const box = (await page.locator('[data-pane="0"]').boundingBox())!
      for (let turn = 0; turn < 24; turn++) {
        const at = {
          x: box.x + box.width * (0.15 + random(700) / 1000),
          y: box.y + box.height * (0.35 + random(300) / 1000),
        }
        await page.mouse.move(at.x, at.y)
        if (turn % 6 === 5) await page.mouse.wheel(0, -600)
        await page.mouse.move(at.x + 1, at.y)
        await settled(page)
        const { x, y, values } = await readPanel(page)
        for (const { source, rgb } of values) {
          const picture = pictures[source]
          const [px, py] = [
            Math.floor((x * picture.width) / truth.width),
            Math.floor((y * picture.height) / truth.height),
          ]
          const offset = (py * picture.width + px) * 3
          expect([turn, source, x, y, ...rgb]).toEqual([
            turn,
            source,
            x,
            y,
            ...picture.data.subarray(offset, offset + 3),
          ])
        }
        // What is on the screen under the pointer is that pixel, too.
        if (turn >= 6) {
          const shown = await page.evaluate(
            ({ left, top }) => {
              const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-position]')!
              const place = canvas.getBoundingClientRect()
              return [
                ...canvas
                  .getContext('2d')!
                  .getImageData(
                    Math.floor((left - place.left) * devicePixelRatio),
                    Math.floor((top - place.top) * devicePixelRatio),
                    1,
                    1,
                  )
                  .data.slice(0, 3),
              ]
            },
            { left: at.x + 1, top: at.y },
          )
          const offset = (y * truth.width + x) * 3
          const stored = [...pictures.reference.data.subarray(offset, offset + 3)]
          const isGridLine = shown.every(
            (level, channel) => Math.abs(level - (stored[channel] * 0.55 + 127 * 0.45)) < 2,
          )
          if (!isGridLine) expect([turn, x, y, ...shown]).toEqual([turn, x, y, ...stored])
        }
      }
      await page.close()
    },
  )

  it('shows the SSIM map of the pair, bright where it is good', async () => {
    const page = await openCompare(`runs=${runs.same}&mode=ssim&frame=2`)
    const [color] = await readPane(page, 0, [[0.5, 0.5]])
    expect(color.slice(0, 3)).toEqual([0xfd, 0xe7, 0x25])
    await page.close()
  })

  it('has an address for every pair, and opens it again', async () => {
    const page = await openCompare(`runs=${runs.bright}&frame=5`)
    await page.keyboard.press('w')
    await page.keyboard.press('ArrowRight')
    await settled(page, 6)
    await page.waitForFunction(() => location.hash.includes('frame=6') && location.hash.includes('mode=wipe'))
    const again = await openCompare((await page.evaluate(() => location.hash)).split('?')[1])
    expect(await readNumber(again, 0)).toBe(6)
    expect(await again.locator('[role=radio][aria-checked=true]').textContent()).toBe('Wipe')
    await page.close()
    await again.close()
  })

  it('exports what is on the screen, mode and loop as they are', async () => {
    const page = await openCompare(`runs=${runs.bright}&mode=wipe&frame=5&loop=5-14`)
    await page.keyboard.press('Control+k')
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox')
    await page.keyboard.type('Save frames or video')
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: /^Video of what is on the screen/ }).check()
    await page.getByRole('button', { name: 'Export video' }).click()
    await page.getByText('Making the video').waitFor()
    const [job] = await test.call('jobs.list', { limit: 1 })
    const { result } = await test.finished(job.id)
    const [clip] = (result as { clips: { file: string; frames: number }[] }).clips
    expect(clip).toMatchObject({ frames: 10, width: 320, height: 210 })
    const decoded = decode(clip.file)
    const level = (frame: number, x: number, y: number) =>
      colourAt(decoded, decoded.frames[frame], Math.floor(x), Math.floor(y))
    const block = blockShare * truth.width
    for (let frame = 0; frame < 10; frame++) {
      const bits = Array.from(
        { length: numberBits },
        (_, bit) => level(frame, (bit + 0.5) * block, block / 2)[0],
      )
      expect(bits.reduce((number, value) => number * 2 + (value > 127 ? 1 : 0), 0)).toBe(5 + frame)
      // A on the left of the wipe, B on its right.
      for (const [x, { ground }] of [
        [0.1, truth],
        [0.9, bright],
      ] as const)
        level(frame, x * truth.width, 100).forEach((value, channel) =>
          expect(Math.abs(value - ground[channel])).toBeLessThan(28),
        )
    }
    await page.close()
  })

  // WebM brings hidden frames and MKV a codec (FFV1) that no browser plays.
  it.each(['mp4', 'webm', 'mkv'] as const)(
    'shows the same frame of an exported clip beside its source after 200 seeks, steps and changes of mode (%s)',
    async (format) => {
      const job = await test.call('videos.start', {
        workspace: root,
        predictionDir: folders.bright,
        layout: 'single',
        drawText: false,
        format,
        fps: '30000/1001',
      })
      expect(await test.finished(job.id)).toMatchObject({ status: 'done' })
      const clip = (await test.call('videos.list', {})).find(({ file }) => file.endsWith(format))!
      const page = await openCompare(new URLSearchParams({ runs: runs.bright, clip: clip.file }).toString())
      expect(await page.locator('[data-pane]').count()).toBe(3)
      await wander(page, 200)
      await page.close()
      const alone = await openCompare(new URLSearchParams({ clip: clip.file, frame: '7' }).toString())
      expect(await readNumber(alone, 0)).toBe(7)
      await alone.close()
    },
    120_000,
  )
})
