/// <reference lib="dom" />
/** What a person sees of Compare while a hand drags the playhead or it plays, read at every picture of the screen. */
import { setTimeout } from 'node:timers/promises'
import type { BarePage } from './bareBrowser.ts'
import type { Cpu } from './processUse.ts'

/** Where the hand was, `at` in milliseconds since 1970. */
export type Place = { at: number; position: number }
/** What was on the canvas, and which position the page had been told of last. */
export type Look = Place & { told: number }
/** What was on the canvas at every picture of the screen, and what is to be said about it. */
export type Watched = { looks: Look[]; words: string }

/** Notes at every picture of the screen which position is on the canvas. */
export async function watch(page: BarePage, act: () => Promise<unknown>): Promise<Look[]> {
  await page.evaluate(() => {
    const looks: unknown[] = []
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-position]')!
    const slider = document.querySelector('[role=slider][aria-valuenow]')!
    Object.assign(window, { looks, isWatching: true })
    const look = (at: number) => {
      const told = Number(slider.getAttribute('aria-valuenow')) - 1
      looks.push({ at: performance.timeOrigin + at, position: Number(canvas.dataset.position), told })
      if ((window as unknown as { isWatching: boolean }).isWatching) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await act()
  return page.evaluate(async () => {
    // What was drawn last is seen at the next picture of the screen.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const seen = window as unknown as { looks: never[]; isWatching: boolean }
    seen.isWatching = false
    return seen.looks
  })
}

/** Plays for a while. */
export async function play(page: BarePage, forMs: number, framesPerSecond: number): Promise<Watched> {
  const looks = await watch(page, async () => {
    await page.press(' ')
    await setTimeout(forMs)
    await page.press(' ')
  })
  const pictures = newPictures(looks).slice(1)
  const rate = (pictures.length - 1) / secondsOf(pictures)
  return { looks, words: `${rate.toFixed(1)} pictures/s of ${framesPerSecond} due` }
}

/**
 * Drags the playhead over the timeline of `pairs` frames, `step` frames sixty times a second, as a hand that does not
 * wait for pictures.
 */
export async function scrub(page: BarePage, pairs: number, step: number): Promise<Watched> {
  const box = await timelineBox(page)
  const y = box.y + box.height / 2
  const moves = Math.floor(Math.min(300, (pairs - 1) / Math.abs(step)))
  const first = step > 0 ? 0 : moves
  const placeOf = (position: number) => box.x + ((position + 0.5) / pairs) * box.width
  await page.mouse('mousePressed', placeOf(first), y)
  await setTimeout(400)
  const hand: Place[] = []
  const looks = await watch(page, async () => {
    // In step with the screen, or a move now and then would come just before the next one.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))))
    const startMs = performance.now() + 8
    for (let move = 1; move <= moves; move++) {
      await setTimeout(Math.max(0, startMs + (move * 1000) / 60 - performance.now()))
      const position = first + move * step
      hand.push({ at: performance.timeOrigin + performance.now(), position })
      void page.mouse('mouseMoved', placeOf(position), y)
    }
    await firstPair(page)
  })
  await page.mouse('mouseReleased', placeOf(first + moves * step), y)
  return { looks, words: sayScrubbed(looks, hand) }
}

/** When the first pair was on the canvas, in milliseconds since the page was asked for. */
export const firstPair = (page: BarePage): Promise<number> =>
  page.until(() => (document.querySelector('canvas[data-state=ready]') ? performance.now() : 0))

/** Where the timelines are, in CSS pixels. */
export const timelineBox = (page: BarePage) =>
  page.evaluate(() => {
    const { x, y, width, height } = document
      .querySelector('[role=slider][aria-valuenow]')!
      .getBoundingClientRect()
    return { x, y, width, height }
  })

/** @param sorted rising; NaN where it is empty. @param share 0 to 1. */
export const quantile = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN)

const secondsOf = (looks: readonly Place[]) => (looks.at(-1)!.at - looks[0].at) / 1000
const newPictures = (looks: readonly Look[]) =>
  looks.filter(({ position }, index) => index === 0 || looks[index - 1].position !== position)

/**
 * Pictures a second, how many places that the page was told of it never showed, how long after the hand the others were
 * there, and how many places fell between two pictures of the screen: of two moves a page is then told the second.
 */
function sayScrubbed(looks: readonly Look[], hand: readonly Place[]): string {
  const seconds = secondsOf(hand)
  const pictures = newPictures(looks)
  const shownAt = new Map(pictures.map(({ position, at }) => [position, at]))
  const toldOf = new Set(looks.map(({ told }) => told))
  const told = hand.filter(({ position }) => toldOf.has(position))
  const missed = told.filter(({ position }) => !shownAt.has(position))
  const missedByHalfSecond = Array<number>(Math.ceil(seconds * 2)).fill(0)
  for (const { at } of missed) missedByHalfSecond[Math.floor((at - hand[0].at) / 500)]++
  const late = told
    .flatMap(({ position, at }) => (shownAt.has(position) ? shownAt.get(position)! - at : []))
    .sort((a, b) => a - b)
  return (
    `${((pictures.length - 1) / seconds).toFixed(1)} pictures/s of ${(hand.length / seconds).toFixed(1)}, ` +
    `${missed.length} of ${told.length} never shown (in each half second ${missedByHalfSecond.join(' ')}), ` +
    `${hand.length - told.length} fell between two pictures of the screen, ` +
    `${quantile(late, 0.5)} ms (p50) ${quantile(late, 0.95)} ms (p95) after the hand`
  )
}

/** What one picture took, on average. */
export function costOf(looks: readonly Look[], cpu: Cpu): string {
  const pictures = newPictures(looks).length
  const ms = (seconds: number) => `${((seconds / pictures) * 1000).toFixed(0)} ms`
  return `screen ${(looks.length / secondsOf(looks)).toFixed(1)}/s; a picture takes ${ms(cpu.page)} of the page's thread, ${ms(cpu.all)} of all`
}
