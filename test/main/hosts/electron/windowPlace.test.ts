import { describe, expect, it } from 'vitest'
import { placeOn } from '../../../../src/main/hosts/electron/windowPlace.ts'

const left = { x: -1920, y: 0, width: 1920, height: 1080 }
const main = { x: 0, y: 25, width: 1440, height: 875 }
const place = (changes: object) =>
  JSON.stringify({ x: 100, y: 100, width: 1280, height: 700, isMaximized: false, ...changes })

describe('the place of the window', () => {
  it('is where it was, also on a second screen', () => {
    expect(placeOn([main, left], place({}))).toEqual({
      x: 100,
      y: 100,
      width: 1280,
      height: 700,
      isMaximized: false,
    })
    expect(placeOn([main, left], place({ x: -1800 }))).toMatchObject({ x: -1800, y: 100 })
  })

  it.each([
    ['on a screen that is gone', place({ x: -1800 })],
    ['with a sliver of it in sight', place({ x: 1400 })],
    ['with its title bar above the screen', place({ y: -200 })],
    ['below the screen', place({ y: 890 })],
    ['of no size', place({ width: 0 })],
    ['of a size nothing has', place({ height: 1e9 })],
    ['with a word where a number was', place({ x: 'left' })],
    ['incomplete', '{"x":1,"y":2}'],
    ['no place at all', 'null'],
    ['half written', '{"x":1'],
  ])('%s is forgotten', (_name, text) => expect(placeOn([main], text)).toBeUndefined())

  it('is no larger than the screen it is on', () => {
    expect(placeOn([main], place({ x: 0, width: 3840, height: 2160 }))).toMatchObject({
      width: 1440,
      height: 875,
    })
  })
})
