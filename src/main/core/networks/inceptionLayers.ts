/**
 * The convolutions of the 2015-12-05 Inception v3 as data, in the names of pytorch-fid and torch-fidelity. Source:
 * mseitzer/pytorch-fid src/pytorch_fid/inception.py.
 */
import type { ExpectedTensor } from './expectedTensors.ts'
import type { Pair } from './layers.ts'

/** A convolution followed by batch norm (or with it folded in) and ReLU. */
export type InceptionConv = {
  name: string
  in: number
  out: number
  kernel: Pair
  stride: number
  padding: Pair
}

/** Branches of a block are concatenated in order. A list inside a branch is a fork whose ends are concatenated. */
export type InceptionStep =
  InceptionConv | 'average-pool' | 'max-pool-same' | 'max-pool-half' | InceptionConv[]
export type InceptionBlock = { name: string; branches: InceptionStep[][] }

const conv = (name: string, from: number, out: number, kernel: Pair, options: { stride?: number; padding?: Pair } = {}): InceptionConv => ({
  name, in: from, out, kernel, stride: options.stride ?? 1, padding: options.padding ?? [0, 0],
}) // prettier-ignore
const one = (name: string, from: number, out: number): InceptionConv => conv(name, from, out, [1, 1])
const three = (name: string, from: number, out: number): InceptionConv =>
  conv(name, from, out, [3, 3], { padding: [1, 1] })
const half = (name: string, from: number, out: number): InceptionConv =>
  conv(name, from, out, [3, 3], { stride: 2 })
const row7 = (name: string, from: number, out: number): InceptionConv =>
  conv(name, from, out, [1, 7], { padding: [0, 3] })
const column7 = (name: string, from: number, out: number): InceptionConv =>
  conv(name, from, out, [7, 1], { padding: [3, 0] })
const row3 = (name: string, from: number, out: number): InceptionConv =>
  conv(name, from, out, [1, 3], { padding: [0, 1] })
const column3 = (name: string, from: number, out: number): InceptionConv =>
  conv(name, from, out, [3, 1], { padding: [1, 0] })

/** 35×35 blocks. */
const blockA = (name: string, from: number, poolChannels: number): InceptionBlock => ({
  name,
  branches: [
    [one(`${name}.branch1x1`, from, 64)],
    [one(`${name}.branch5x5_1`, from, 48), conv(`${name}.branch5x5_2`, 48, 64, [5, 5], { padding: [2, 2] })],
    [
      one(`${name}.branch3x3dbl_1`, from, 64),
      three(`${name}.branch3x3dbl_2`, 64, 96),
      three(`${name}.branch3x3dbl_3`, 96, 96),
    ],
    ['average-pool', one(`${name}.branch_pool`, from, poolChannels)],
  ],
})

/** 35×35 to 17×17. */
const blockB = (name: string, from: number): InceptionBlock => ({
  name,
  branches: [
    [half(`${name}.branch3x3`, from, 384)],
    [
      one(`${name}.branch3x3dbl_1`, from, 64),
      three(`${name}.branch3x3dbl_2`, 64, 96),
      half(`${name}.branch3x3dbl_3`, 96, 96),
    ],
    ['max-pool-half'],
  ],
})

/** 17×17 blocks with `c` inner channels. */
const blockC = (name: string, c: number): InceptionBlock => ({
  name,
  branches: [
    [one(`${name}.branch1x1`, 768, 192)],
    [
      one(`${name}.branch7x7_1`, 768, c),
      row7(`${name}.branch7x7_2`, c, c),
      column7(`${name}.branch7x7_3`, c, 192),
    ],
    [
      one(`${name}.branch7x7dbl_1`, 768, c),
      column7(`${name}.branch7x7dbl_2`, c, c),
      row7(`${name}.branch7x7dbl_3`, c, c),
      column7(`${name}.branch7x7dbl_4`, c, c),
      row7(`${name}.branch7x7dbl_5`, c, 192),
    ],
    ['average-pool', one(`${name}.branch_pool`, 768, 192)],
  ],
})

/** 17×17 to 8×8. */
const blockD = (name: string): InceptionBlock => ({
  name,
  branches: [
    [one(`${name}.branch3x3_1`, 768, 192), half(`${name}.branch3x3_2`, 192, 320)],
    [
      one(`${name}.branch7x7x3_1`, 768, 192),
      row7(`${name}.branch7x7x3_2`, 192, 192),
      column7(`${name}.branch7x7x3_3`, 192, 192),
      half(`${name}.branch7x7x3_4`, 192, 192),
    ],
    ['max-pool-half'],
  ],
})

/** 8×8 blocks; the second one has a max pool where one would expect an average, as the original graph does. */
const blockE = (name: string, from: number, pool: 'average-pool' | 'max-pool-same'): InceptionBlock => ({
  name,
  branches: [
    [one(`${name}.branch1x1`, from, 320)],
    [
      one(`${name}.branch3x3_1`, from, 384),
      [row3(`${name}.branch3x3_2a`, 384, 384), column3(`${name}.branch3x3_2b`, 384, 384)],
    ],
    [
      one(`${name}.branch3x3dbl_1`, from, 448),
      three(`${name}.branch3x3dbl_2`, 448, 384),
      [row3(`${name}.branch3x3dbl_3a`, 384, 384), column3(`${name}.branch3x3dbl_3b`, 384, 384)],
    ],
    [pool, one(`${name}.branch_pool`, from, 192)],
  ],
})

/** The stem up to the first tap, and from there to the second. */
export const inceptionStem: readonly [InceptionConv[], InceptionConv[]] = [
  [half('Conv2d_1a_3x3', 3, 32), conv('Conv2d_2a_3x3', 32, 32, [3, 3]), three('Conv2d_2b_3x3', 32, 64)],
  [one('Conv2d_3b_1x1', 64, 80), conv('Conv2d_4a_3x3', 80, 192, [3, 3])],
]
/** Blocks up to the third tap (768 channels). */
export const inceptionBody: readonly InceptionBlock[] = [
  blockA('Mixed_5b', 192, 32),
  blockA('Mixed_5c', 256, 64),
  blockA('Mixed_5d', 288, 64),
  blockB('Mixed_6a', 288),
  blockC('Mixed_6b', 128),
  blockC('Mixed_6c', 160),
  blockC('Mixed_6d', 160),
  blockC('Mixed_6e', 192),
]
/** Blocks up to the last tap (2048 channels). */
export const inceptionTop: readonly InceptionBlock[] = [
  blockD('Mixed_7a'),
  blockE('Mixed_7b', 1280, 'average-pool'),
  blockE('Mixed_7c', 2048, 'max-pool-same'),
]

/** What can be taken from the network: pooled features by their length, or class scores without the bias. */
export const inceptionTaps = ['64', '192', '768', '2048', 'logits_unbiased'] as const
export type InceptionTap = (typeof inceptionTaps)[number]

/** Length of a tap's output. */
export const inceptionLengths: Record<InceptionTap, number> = {
  '64': 64,
  '192': 192,
  '768': 768,
  '2048': 2048,
  logits_unbiased: 1008,
}

const convsOf = (blocks: readonly InceptionBlock[]): InceptionConv[] =>
  blocks.flatMap(({ branches }) =>
    branches.flat(2).filter((step): step is InceptionConv => typeof step === 'object' && 'name' in step),
  )

/** The convolutions needed for a tap. */
export function inceptionConvs(tap: InceptionTap): InceptionConv[] {
  if (tap === '64') return inceptionStem[0]
  if (tap === '192') return inceptionStem.flat()
  if (tap === '768') return [...inceptionStem.flat(), ...convsOf(inceptionBody)]
  return [...inceptionStem.flat(), ...convsOf(inceptionBody), ...convsOf(inceptionTop)]
}

/** Every tensor a tap needs; `isFolded` for checkpoints whose batch norm is already part of weight and bias. */
export function expectedInception(tap: InceptionTap, isFolded: boolean): ExpectedTensor[] {
  const tensors = inceptionConvs(tap).flatMap(({ name, in: from, out, kernel }): ExpectedTensor[] => [
    { names: [`${name}.conv.weight`], shape: [out, from, ...kernel] },
    ...(isFolded ? ['conv.bias'] : ['bn.weight', 'bn.bias', 'bn.running_mean', 'bn.running_var']).map(
      (suffix) => ({
        names: [`${name}.${suffix}`],
        shape: [out],
      }),
    ),
  ])
  if (tap === 'logits_unbiased') tensors.push({ names: ['fc.weight'], shape: [1008, 2048] })
  return tensors
}
