/** Pictures that every run, machine and the Python scripts make alike. RGB, uint8, H x W x 3. */

export type Picture = { samples: Uint8Array; width: number; height: number }

function pictureOf(
  width: number,
  height: number,
  sample: (x: number, y: number, c: number) => number,
): Picture {
  const samples = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, at++) samples[at] = Math.min(255, Math.max(0, sample(x, y, c)))
    }
  }
  return { samples, width, height }
}

/** Banker's rounding, as numpy's rint. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** `Q_k` of the metric specification, 224 x 224. */
export function waves(k: number): Picture {
  return pictureOf(224, 224, (x, y, c) =>
    roundHalfEven(
      128 +
        60 * Math.sin(x / 17 + c) +
        50 * Math.cos(y / 23 - c + 0.1 * k) +
        9 * k * Math.sin((x + 2 * y) / 5),
    ),
  )
}

/** Bytes of a linear congruential generator. */
export function noise(seed: number, count: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

function triangle(n: number, period: number, height: number): number {
  const phase = ((n % (2 * period)) + 2 * period) % (2 * period)
  return Math.floor((Math.abs(phase - period) * height) / period)
}

/** Overlapping waves with a dark corner and some noise; `picture` in test/parity/python/metric_values.py. */
export function madePicture(seed: number, width: number, height: number, grain: number): Picture {
  const speckles = noise(seed, width * height * 3)
  return pictureOf(width, height, (x, y, c) => {
    const bands =
      triangle(x + 2 * y + 7 * c + 11 * seed, 37, 120) + triangle(3 * x - y + 5000 + 13 * c, 23 + seed, 60)
    const checks = 40 * ((Math.floor(x / 16) + Math.floor(y / 16)) % 2)
    const corner = x + y < Math.floor(width / 2) ? 60 : 0
    return bands + checks - corner + Math.floor((speckles[(y * width + x) * 3 + c]! * grain) / 256)
  })
}

/** A picture with noise of `grain` levels and a shift of brightness; `altered` in metric_values.py. */
export function alteredPicture(source: Picture, seed: number, grain: number, shift: number): Picture {
  const speckles = noise(seed, source.samples.length)
  const at = (x: number, y: number, c: number): number => (y * source.width + x) * 3 + c
  return pictureOf(source.width, source.height, (x, y, c) => {
    const added = Math.floor((speckles[at(x, y, c)]! * grain) / 256) - Math.floor(grain / 2) + shift
    return source.samples[at(x, y, c)]! + added
  })
}
