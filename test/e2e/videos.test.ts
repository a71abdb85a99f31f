/// <reference lib="dom" />
/** The Videos page in a real browser: a person names folders, makes clips and plays them. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpDoor } from '../../src/main/hosts/http/server.ts'
import { range, writeCounterFrames } from '../main/core/videos/counterFrames.ts'
import { startBrowser } from '../support/browser.ts'
import { temporaryFolder } from '../support/frames.ts'
import { openPagesDoor } from '../support/pagesDoor.ts'
import { openStudio, type TestStudio } from '../support/studio.ts'

// Started here, because whether there is a browser decides what is skipped.
const browser: Browser | undefined = await startBrowser()
let test: TestStudio
let door: HttpDoor
const root = temporaryFolder('videos-page')
const prediction = 'outputs_eval/exp1/test_20260101_101010/gen_imgs/de_test'

beforeAll(async () => {
  if (!browser) return
  await writeCounterFrames(join(root, prediction), 1, [...range(1, 24), ...range(50, 52)])
  await writeCounterFrames(join(root, 'data/preprocessed_data/de_test/imgs'), 1, range(1, 60), 1000)
  test = openStudio()
  await test.call('workspaces.open', { root })
  door = await openPagesDoor(test.studio, root)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await door?.close()
  await test?.studio.close()
})

/** Opens the page as the form is filled by a link of the Workspace page. */
async function openVideos(): Promise<Page> {
  const page = await browser!.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  await page.goto(door.url)
  const query = new URLSearchParams({
    prediction: join(root, prediction),
    reference: join(root, 'data/preprocessed_data/de_test/imgs'),
  })
  await page.evaluate((hash) => (location.hash = hash), `#/videos?${query}`)
  return page
}

describe.skipIf(!browser)('the Videos page', () => {
  it('says what would be made, makes it, lists it with a poster, and plays it', async () => {
    const page = await openVideos()
    const main = page.getByRole('main')
    await main.getByText('Videos of predictions beside their ground truth appear here.').waitFor()
    await main.getByText('1 clip · 24 frames').waitFor()
    await main.getByText('1 track shorter than 10 frames left out').waitFor()
    await main.getByLabel('Longest clip, s').fill('1.2')
    await main.getByText('2 clips · 24 frames').waitFor()
    await main.getByLabel('Frames per second').fill('30000/1001')
    await main.getByText('1 clip · 24 frames').waitFor()
    await main.getByLabel('Frames per second').fill('12')
    await main.getByText('2 clips · 24 frames').waitFor()

    await main.getByRole('button', { name: 'Make videos' }).click()
    await page.waitForURL(/#\/jobs\/[\w-]+/)
    const [, id] = /#\/jobs\/([\w-]+)/.exec(page.url())!
    const { clips } = (await test.finished(id)).result as { clips: { file: string; fps: number }[] }
    expect(clips.map(({ file, fps }) => [file.slice(root.length + 1), fps])).toEqual(
      ['f1_to_f14', 'f15_to_f24'].map((span) => [
        `outputs_eval/exp1/test_20260101_101010/gen_compared_videos/de_test/compare_file1_${span}.mp4`,
        12,
      ]),
    )

    await page.getByRole('link', { name: 'Videos', exact: true }).click()
    const posters = main.getByRole('listitem').getByRole('button', { name: /^Play compare_file1_/ })
    await expect.poll(() => posters.count(), { timeout: 30_000 }).toBe(2)
    await expect
      .poll(
        () =>
          posters
            .first()
            .locator('img')
            .evaluate((image: HTMLImageElement) => image.naturalWidth),
        {
          timeout: 30_000,
        },
      )
      .toBeGreaterThan(100)
    expect(await main.getByText('exp1 · de_test').count()).toBe(2)
    await main.getByRole('button', { name: 'Play compare_file1_f1_to_f14.mp4' }).click()
    const video = main.locator('video')
    await expect
      .poll(
        () =>
          video.evaluate(({ videoWidth, videoHeight, readyState }: HTMLVideoElement) => [
            videoWidth,
            videoHeight,
            readyState >= 2,
          ]),
        { timeout: 30_000 },
      )
      .toEqual([330, 120, true])
    await page.close()
  })

  it('makes numbered frames of one folder with a pattern from the further settings', async () => {
    const page = await openVideos()
    const main = page.getByRole('main')
    await main.getByText('24 frames').waitFor()
    await main.getByText('More settings').click()
    await main.getByLabel('How file names number frames').fill('nonsense')
    await main
      .getByRole('alert')
      .getByText(/naming pattern "nonsense"/)
      .waitFor()
    await main.getByLabel('How file names number frames').fill('numbered')
    await main.getByText('1 clip · 27 frames').waitFor()
    await page.close()
  })

  it('says in both languages what is left out', async () => {
    const page = await browser!.newPage({ locale: 'zh-CN' })
    await page.goto(door.url)
    await page.evaluate((hash) => (location.hash = hash), `#/videos?${new URLSearchParams({ prediction })}`)
    await page.getByRole('main').getByText('略过 1 条不足 10 帧的轨迹').waitFor()
    await page.close()
  })

  it('marks a clip whose file was removed or replaced', async () => {
    const [clip] = await test.call('videos.list', {})
    await rm(clip.file)
    const page = await openVideos()
    await page.getByRole('main').getByText('File gone').waitFor()
    await page.close()
  })
})
