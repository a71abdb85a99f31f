/**
 * Procedural wall, ground and ceiling materials. A texture covers 4 x 4 cells and repeats; row 0 is the lower edge, so
 * that bands of a wall (base, ledge) can be painted at their height. Painted once per thread and map, from fixed seeds.
 */
import { hash01, tilingFbm, tilingNoise } from './random.ts'

/** Edge of the finest level in texels, and texels per cell. */
export const textureSize = 512
export const texelsPerCell = textureSize / 4

/**
 * Texels as 0xBBGGRR, negative where the material shines by itself; finest level first. Texel (u, v) lies at
 * `u * size + v`: walls are drawn upwards, so that neighbours on the screen are neighbours in memory.
 */
export type Texture = { levels: Int32Array[] }

type Texel = [red: number, green: number, blue: number, glow?: number]
/** Takes u, v in cells (0 to 4) and gives a colour, 0 to 255. */
type Painter = (u: number, v: number) => Texel

/** The colour of a base tone times a brightness. */
const tone = (base: readonly (number | undefined)[], k: number): Texel => [
  base[0]! * k,
  base[1]! * k,
  base[2]! * k,
]
const mix = (a: Texel, b: Texel, t: number): Texel => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
]

// Grain and blotches are looked up in two tables that every painter shares, each from its own corner: noise is what
// painting costs.
const fineTable = lazyTable((u, v) => tilingFbm(u * 16, v * 16, 64, 3, 1) - 0.5)
const broadTable = lazyTable((u, v) => tilingFbm(u * 2, v * 2, 8, 4, 2) - 0.5)
const fine = (u: number, v: number, seed: number) => fineTable()[tableIndex(u, v, seed)]!
const broad = (u: number, v: number, seed: number) => broadTable()[tableIndex(u, v, seed)]!
function tableIndex(u: number, v: number, seed: number): number {
  const row = (Math.floor(v * texelsPerCell) + seed * 37) & (textureSize - 1)
  return row * textureSize + ((Math.floor(u * texelsPerCell) + seed * 101) & (textureSize - 1))
}
function lazyTable(value: (u: number, v: number) => number): () => Float32Array {
  let table: Float32Array | undefined
  return () =>
    (table ??= new Float32Array(textureSize * textureSize).map((_, i) =>
      value((i % textureSize) / texelsPerCell, Math.floor(i / textureSize) / texelsPerCell),
    ))
}
const frac = (x: number) => x - Math.floor(x)
/** Distance to the nearest line of a grid with this pitch. */
const toLine = (x: number, pitch: number) => Math.abs(frac(x / pitch + 0.5) - 0.5) * pitch
const clamp01 = (x: number) => (x < 0 ? 0 : x > 1 ? 1 : x)
const step = (edge: number, width: number, x: number) => clamp01((x - edge) / width)

/** Stones in courses: which stone, and how far from its edge (cells). */
function masonry(u: number, v: number, width: number, height: number) {
  const row = Math.floor(v / height)
  const shifted = u / width + (row % 2) * 0.5
  const column = Math.floor(shifted)
  const columns = Math.round(4 / width)
  const id = hash01(((column % columns) + columns) % columns, row % Math.round(4 / height), 7)
  const inX = frac(shifted) * width
  const inY = v - row * height
  return { id, edge: Math.min(inX, width - inX, inY, height - inY), inX, inY }
}

function stones(
  base: readonly number[],
  joint: number,
  width: number,
  height: number,
  spread: number,
  seed: number,
): Painter {
  return (u, v) => {
    const warp = broad(u, v, seed) * 0.03
    const stone = masonry(u + warp, v + warp, width, height)
    const k = 0.9 + (stone.id - 0.5) * spread + fine(u, v, seed) * 0.28 + broad(u, v, seed + 9) * 0.24
    const bevel = (stone.inY > height - 0.045 ? 0.1 : 0) - (stone.inY < 0.045 ? 0.1 : 0)
    return mix(tone(base, joint), tone(base, k + bevel), step(0.012, 0.018, stone.edge))
  }
}

const plaster: Painter = (u, v) => {
  const wear = tilingFbm(u, v, 4, 4, 31)
  const base = tone([214, 190, 150], 0.94 + fine(u, v, 33) * 0.16 + broad(u, v, 35) * 0.22)
  const brick = bricks(u, v)
  const patch = step(0.66, 0.015, wear + fine(u, v, 32) * 0.05) * step(0.2, 0.4, 3.2 - v)
  let texel = mix(base, tone(brick, 0.95), patch)
  texel = mix(texel, tone([126, 100, 74], 0.9 + fine(u, v, 36) * 0.3), v < 0.55 ? 0.85 : 0)
  const ledge = v > 0.55 && v < 0.63
  if (ledge) texel = tone([226, 206, 168], 0.95 + fine(u, v, 37) * 0.2)
  if (v > 0.5 && v < 0.55) texel = tone(texel, 0.72)
  const drip = tilingNoise(u * 8, v * 0.5, 32, 38)
  return tone(texel, 1 - 0.16 * step(0.62, 0.25, drip) * step(0.6, 1.4, v))
}
const bricks = stones([150, 92, 70], 0.72, 0.4, 0.2, 0.3, 41)

const sand: Painter = (u, v) => {
  const ripple = Math.sin((v * 7 + broad(u, v, 51) * 5) * Math.PI) * 0.025
  const pebble = hash01(Math.floor(u * 40), Math.floor(v * 40), 52) > 0.985 ? -0.18 : 0
  return tone([206, 178, 132], 0.95 + ripple + pebble + fine(u, v, 53) * 0.2 + broad(u, v, 54) * 0.22)
}

const tiles: Painter = (u, v) => {
  const cell = [Math.floor(u * 2), Math.floor(v * 2)] as const
  const edge = Math.min(toLine(u, 0.5), toLine(v, 0.5))
  const dark = (cell[0] + cell[1]) % 2 === 0
  const base = dark ? [158, 112, 82] : [206, 178, 138]
  const k = 0.94 + (hash01(cell[0], cell[1], 61) - 0.5) * 0.14 + fine(u, v, 62) * 0.16 + broad(u, v, 63) * 0.2
  return mix(tone([120, 104, 84], 0.9), tone(base, k), step(0.01, 0.014, edge))
}

function boards(base: readonly number[], width: number, seed: number, along: 'u' | 'v'): Painter {
  return (u, v) => {
    const [across, length] = along === 'u' ? [v, u] : [u, v]
    const board = Math.floor(across / width)
    const grain = tilingFbm(across * 32, length * 2, 128, 2, seed) - 0.5
    const k = 0.92 + (hash01(board, seed) - 0.5) * 0.26 + grain * 0.34 + broad(u, v, seed + 3) * 0.2
    return mix(tone(base, 0.35), tone(base, k), step(0.008, 0.016, toLine(across, width)))
  }
}
const crateBoards = boards([172, 124, 70], 0.25, 71, 'u')
const crate: Painter = (u, v) => {
  const [x, y] = [frac(u), frac(v)]
  const rim = Math.min(x, 1 - x, y, 1 - y)
  const brace = Math.abs(x - y) < 0.075
  const k = 0.98 + fine(u, v, 72) * 0.2
  const isFrame = rim < 0.1 || brace
  const shade = isFrame ? 1 : 0.74
  const nail = rim < 0.1 && Math.min(Math.hypot(frac(x * 4) - 0.5, frac(y * 4) - 0.5)) < 0.1 ? 0.55 : 1
  const groove = rim > 0.1 && rim < 0.125 ? 0.55 : Math.abs(Math.abs(x - y) - 0.085) < 0.012 ? 0.6 : 1
  const texel = isFrame ? tone([186, 138, 82], k * nail) : tone(crateBoards(u, v), shade)
  return tone(rim < 0.008 ? [60, 42, 26] : texel, groove)
}

const door: Painter = (u, v) => {
  const planks = boards([86, 112, 120], 0.25, 81, 'v')(u, v)
  const band = Math.abs(toLine(v - 0.45, 1.4)) < 0.07
  const stud = band && Math.hypot(frac(u * 4) - 0.5, (toLine(v - 0.45, 1.4) * 8) as number) < 0.22
  if (stud) return [150, 146, 136]
  if (band) return tone([66, 66, 64], 1 + fine(u, v, 82) * 0.4)
  const middle = toLine(u, 1) < 0.02 ? 0.5 : 1
  return tone(planks, middle)
}

const cloth: Painter = (u, v) => {
  const isRed = frac(u * 2) < 0.5
  const fold = 0.92 + Math.sin(u * Math.PI * 8 + v) * 0.06 + fine(u, v, 86) * 0.14
  return tone(isRed ? [176, 62, 48] : [226, 208, 172], fold)
}

const roof: Painter = (u, v) => tone([156, 138, 112], 0.9 + fine(u, v, 91) * 0.3 + broad(u, v, 92) * 0.3)

const concrete: Painter = (u, v) => {
  const joint = Math.min(toLine(u, 2), toLine(v - 0.6, 1.7))
  const hole = Math.hypot(toLine(u - 0.5, 1), toLine(v - 0.3, 1.7 / 2)) < 0.035 ? 0.55 : 1
  let texel = tone([158, 160, 158], (0.92 + fine(u, v, 101) * 0.16 + broad(u, v, 102) * 0.3) * hole)
  texel = mix(tone([88, 90, 90], 1), texel, step(0.012, 0.02, joint))
  const drip = tilingNoise(u * 7, v * 0.4, 28, 103)
  texel = tone(texel, 1 - 0.2 * step(0.6, 0.25, drip))
  if (v < 0.5) texel = mix(texel, [92, 102, 104], 0.55)
  if (v > 1.02 && v < 1.2) texel = mix(texel, tone([196, 160, 44], 0.95 + fine(u, v, 104) * 0.3), 0.88)
  return texel
}

function ribs(base: readonly number[], pitch: number, seed: number, rust: number): Painter {
  return (u, v) => {
    const x = frac(u / pitch)
    const profile = x < 0.32 ? 1.06 : x < 0.42 ? 0.78 : x < 0.86 ? 0.9 : 1.2
    const wear = tilingFbm(u * 2, v * 2, 8, 4, seed)
    const k = profile * (0.94 + fine(u, v, seed + 1) * 0.14 + broad(u, v, seed + 2) * 0.2)
    return mix(
      tone(base, k),
      tone([112, 66, 40], profile * (0.85 + fine(u, v, seed + 3) * 0.4)),
      rust * step(0.58, 0.1, wear),
    )
  }
}
function container(base: readonly number[], seed: number): Painter {
  const sheet = ribs(base, 0.25, seed, 0.85)
  return (u, v) => {
    const post = v < 0.14 || (v > 2.16 && v < 2.36) || v > 3.98
    if (!post) return sheet(u, v)
    return tone(base, 0.72 + fine(u, v, seed + 5) * 0.24)
  }
}

const panel: Painter = (u, v) => {
  const edge = Math.min(toLine(u, 1), toLine(v, 1.5))
  const stripe = v > 1.5 && v < 1.78
  const base = stripe ? [58, 112, 150] : v < 1.5 ? [196, 202, 204] : [222, 226, 226]
  const k = 0.95 + fine(u, v, 111) * 0.08 + broad(u, v, 112) * 0.14
  const texel = mix(tone([104, 108, 110], 1), tone(base, k), step(0.008, 0.012, edge))
  return v < 0.16 ? tone([74, 80, 84], 0.95 + fine(u, v, 113) * 0.2) : texel
}

const asphalt: Painter = (u, v) => {
  const grain = hash01(Math.floor(u * 90), Math.floor(v * 90), 121) * 0.18
  const crack = Math.abs(tilingFbm(u * 1.5, v * 1.5, 6, 3, 122) - 0.5) < 0.004 ? 0.76 : 1
  const texel = tone([112, 114, 116], (0.84 + grain + broad(u, v, 123) * 0.34) * crack)
  const line = toLine(u, 4) < 0.06 && fine(u, v, 124) > -0.16
  return line ? mix(texel, [214, 206, 180], 0.72) : texel
}

const lino: Painter = (u, v) => {
  const dark = (Math.floor(u) + Math.floor(v)) % 2 === 0
  const edge = Math.min(toLine(u, 1), toLine(v, 1))
  const k = 0.96 + fine(u, v, 131) * 0.1 + broad(u, v, 132) * 0.16
  return tone(dark ? [142, 160, 164] : [182, 192, 190], edge < 0.012 ? k * 0.75 : k)
}

const concreteFloor: Painter = (u, v) => {
  const joint = Math.min(toLine(u, 2), toLine(v, 2))
  const stain = step(0.6, 0.2, tilingFbm(u * 1.5, v * 1.5, 6, 3, 141))
  const k = 0.95 + fine(u, v, 142) * 0.16 + broad(u, v, 143) * 0.24 - stain * 0.16
  return tone([150, 152, 148], joint < 0.015 ? k * 0.62 : k)
}

const grate: Painter = (u, v) => {
  const bar = Math.min(toLine(u, 0.125), toLine(v, 0.25))
  const k = 0.92 + fine(u, v, 151) * 0.2
  return tone([132, 138, 142], bar < 0.022 ? k : 0.4 * k)
}

const hazard: Painter = (u, v) => {
  const isYellow = frac((u + v) * 1) < 0.5
  const wear = step(0.6, 0.1, tilingFbm(u * 4, v * 4, 16, 3, 161))
  const k = 0.94 + fine(u, v, 162) * 0.2
  return mix(tone(isYellow ? [222, 178, 40] : [44, 44, 44], k), tone([138, 138, 134], k), wear * 0.8)
}

const tank: Painter = (u, v) => {
  const edge = Math.min(toLine(u, 1), toLine(v, 1))
  const rivet = Math.hypot(toLine(u, 0.25), toLine(v - 0.06, 1)) < 0.022
  const rust = step(0.6, 0.12, tilingFbm(u * 2, v * 1, 8, 4, 171))
  let texel = tone([186, 192, 188], 0.94 + fine(u, v, 172) * 0.12 + broad(u, v, 173) * 0.2)
  texel = mix(texel, tone([132, 84, 54], 0.9 + fine(u, v, 174) * 0.4), rust * 0.8)
  if (v > 2.3 && v < 2.9) texel = mix(texel, [60, 128, 112], 0.85)
  if (edge < 0.014) texel = tone(texel, 0.6)
  return rivet ? tone(texel, 1.2) : texel
}

const machine: Painter = (u, v) => {
  const [x, y] = [frac(u), frac(v)]
  const k = 0.95 + fine(u, v, 181) * 0.12 + broad(u, v, 182) * 0.2
  const slot = x > 0.2 && x < 0.8 && y > 0.5 && y < 0.85
  if (slot && frac(y * 16) < 0.45) return tone([36, 42, 44], 1)
  const id = hash01(Math.floor(u), Math.floor(v), 183)
  if (Math.hypot(x - 0.28, y - 0.3) < 0.05) return id > 0.5 ? [90, 255, 140, 255] : [255, 120, 70, 255]
  if (x > 0.42 && x < 0.8 && y > 0.2 && y < 0.4) return tone([24, 40, 46], 1 + fine(u, v, 184))
  const rim = Math.min(x, 1 - x, y, 1 - y)
  return tone([92, 124, 118], rim < 0.02 ? 0.55 * k : k)
}

const ceilingLights: Painter = (u, v) => {
  const [x, y] = [Math.abs(frac(u / 4) * 4 - 2), Math.abs(frac(v / 2) * 2 - 1)]
  if (x < 0.75 && y < 0.13) return [255, 255, 250, 255]
  if (x < 0.84 && y < 0.21) return [96, 100, 102]
  const edge = Math.min(toLine(u, 1), toLine(v, 1))
  const k = 0.95 + fine(u, v, 191) * 0.1 + broad(u, v, 192) * 0.14
  return tone([166, 172, 174], edge < 0.02 ? k * 0.7 : k)
}

const painters = {
  sandstone: stones([204, 172, 122], 0.62, 0.8, 0.4, 0.22, 11),
  brick: bricks,
  plaster,
  sand,
  paving: stones([186, 166, 132], 0.66, 0.5, 0.5, 0.26, 21),
  tiles,
  planks: boards([138, 100, 62], 0.25, 76, 'u'),
  slab: stones([212, 192, 154], 0.7, 1, 0.5, 0.12, 26),
  roof,
  crate,
  door,
  cloth,
  concrete,
  cladding: ribs([128, 146, 156], 0.5, 96, 0.25),
  panel,
  asphalt,
  lino,
  concreteFloor,
  grate,
  hazard,
  containerBlue: container([54, 104, 150], 201),
  containerRed: container([166, 66, 48], 211),
  containerGreen: container([74, 122, 84], 221),
  tank,
  machine,
  ceilingLights,
} satisfies Record<string, Painter>

export type MaterialName = keyof typeof painters

const painted = new Map<MaterialName, Texture>()

/** The texture of a material with its smaller levels (each half the size, box filter, down to 4 texels). */
export function textureOf(material: MaterialName): Texture {
  const known = painted.get(material)
  if (known) return known
  const finest = new Int32Array(textureSize * textureSize)
  const paint: Painter = painters[material]
  for (let column = 0, i = 0; column < textureSize; column++) {
    for (let row = 0; row < textureSize; row++, i++) {
      const [r, g, b, glow = 0] = paint((column + 0.5) / texelsPerCell, (row + 0.5) / texelsPerCell)
      finest[i] = (glow << 24) | (byte(b) << 16) | (byte(g) << 8) | byte(r)
    }
  }
  const levels: Int32Array[] = [finest]
  for (let size = textureSize; size > 4; size >>= 1) levels.push(halve(levels.at(-1)!, size))
  const texture = { levels }
  painted.set(material, texture)
  return texture
}

/** Mean colour of a material, 0 to 255. */
export function meanColor(material: MaterialName): [number, number, number] {
  const smallest = textureOf(material).levels.at(-1)!
  const sum = [0, 0, 0]
  for (const texel of smallest) for (let c = 0; c < 3; c++) sum[c]! += (texel >>> (8 * c)) & 255
  return [sum[0]! / smallest.length, sum[1]! / smallest.length, sum[2]! / smallest.length]
}

function halve(source: Int32Array, size: number): Int32Array {
  const half = size >> 1
  const target = new Int32Array(half * half)
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * y * size + 2 * x
      const four = [source[at]!, source[at + 1]!, source[at + size]!, source[at + size + 1]!]
      let texel = 0
      for (let shift = 0; shift < 32; shift += 8) {
        let sum = 2
        for (const value of four) sum += (value >>> shift) & 255
        texel |= (sum >> 2) << shift
      }
      target[y * half + x] = texel
    }
  }
  return target
}

const byte = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value | 0)
