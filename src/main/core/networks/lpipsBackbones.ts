/**
 * The three backbones of LPIPS as data, in torchvision's numbering of `features`, with the layers whose outputs LPIPS
 * compares. Source: richzhang/PerceptualSimilarity lpips/pretrained_networks.py and torchvision's models.
 */
import type { ExpectedTensor } from './expectedTensors.ts'

export const lpipsNets = ['alex', 'vgg', 'squeeze'] as const
export type LpipsNet = (typeof lpipsNets)[number]

/** `tap` marks a layer whose output (after ReLU) is compared. Every convolution has a ReLU after it. */
export type BackboneStep =
  | {
      op: 'conv'
      index: number
      in: number
      out: number
      kernel: number
      stride: number
      padding: number
      tap: boolean
    }
  | { op: 'fire'; index: number; in: number; squeeze: number; expand: number; tap: boolean }
  | { op: 'pool'; kernel: number; stride: number; ceil: boolean }

const conv = (index: number, from: number, out: number, kernel: number, padding: number, tap = false, stride = 1): BackboneStep => ({
  op: 'conv', index, in: from, out, kernel, stride, padding, tap,
}) // prettier-ignore
const fire = (index: number, from: number, squeeze: number, expand: number, tap = false): BackboneStep => ({
  op: 'fire', index, in: from, squeeze, expand, tap,
}) // prettier-ignore
const pool = (kernel: number, ceil = false): BackboneStep => ({ op: 'pool', kernel, stride: 2, ceil })

export const lpipsBackbones: Record<LpipsNet, readonly BackboneStep[]> = {
  alex: [
    conv(0, 3, 64, 11, 2, true, 4),
    pool(3),
    conv(3, 64, 192, 5, 2, true),
    pool(3),
    conv(6, 192, 384, 3, 1, true),
    conv(8, 384, 256, 3, 1, true),
    conv(10, 256, 256, 3, 1, true),
  ],
  vgg: [
    conv(0, 3, 64, 3, 1),
    conv(2, 64, 64, 3, 1, true),
    pool(2),
    conv(5, 64, 128, 3, 1),
    conv(7, 128, 128, 3, 1, true),
    pool(2),
    conv(10, 128, 256, 3, 1),
    conv(12, 256, 256, 3, 1),
    conv(14, 256, 256, 3, 1, true),
    pool(2),
    conv(17, 256, 512, 3, 1),
    conv(19, 512, 512, 3, 1),
    conv(21, 512, 512, 3, 1, true),
    pool(2),
    conv(24, 512, 512, 3, 1),
    conv(26, 512, 512, 3, 1),
    conv(28, 512, 512, 3, 1, true),
  ],
  squeeze: [
    conv(0, 3, 64, 3, 0, true, 2),
    pool(3, true),
    fire(3, 64, 16, 64),
    fire(4, 128, 16, 64, true),
    pool(3, true),
    fire(6, 128, 32, 128),
    fire(7, 256, 32, 128, true),
    pool(3, true),
    fire(9, 256, 48, 192, true),
    fire(10, 384, 48, 192, true),
    fire(11, 384, 64, 256, true),
    fire(12, 512, 64, 256, true),
  ],
}

/** Smallest picture side whose deepest feature map is not empty. */
export const lpipsMinimumSide: Record<LpipsNet, number> = { alex: 31, vgg: 16, squeeze: 17 }

/** Channels of each tap, in order. */
export function tapChannels(net: LpipsNet): number[] {
  return lpipsBackbones[net].flatMap((step) =>
    step.op === 'pool' || !step.tap ? [] : [step.op === 'conv' ? step.out : 2 * step.expand],
  )
}

/** Names a backbone tensor goes by: torchvision's, and those of files that hold only `features`. */
export const backboneNames = (suffix: string): string[] => [`features.${suffix}`, suffix]

/** Names of the linear head of a tap. */
export const headNames = (tap: number): string[] => [`lin${tap}.model.1.weight`, `lins.${tap}.model.1.weight`]

/** Every tensor of a backbone checkpoint that LPIPS uses. */
export function expectedBackbone(net: LpipsNet): ExpectedTensor[] {
  const layer = (prefix: string, out: number, from: number, kernel: number): ExpectedTensor[] => [
    { names: backboneNames(`${prefix}.weight`), shape: [out, from, kernel, kernel] },
    { names: backboneNames(`${prefix}.bias`), shape: [out] },
  ]
  return lpipsBackbones[net].flatMap((step) => {
    if (step.op === 'pool') return []
    if (step.op === 'conv') return layer(`${step.index}`, step.out, step.in, step.kernel)
    return [
      ...layer(`${step.index}.squeeze`, step.squeeze, step.in, 1),
      ...layer(`${step.index}.expand1x1`, step.expand, step.squeeze, 1),
      ...layer(`${step.index}.expand3x3`, step.expand, step.squeeze, 3),
    ]
  })
}

/** Every tensor of a head checkpoint. */
export function expectedHead(net: LpipsNet): ExpectedTensor[] {
  return tapChannels(net).map((channels, tap) => ({ names: headNames(tap), shape: [1, channels, 1, 1] }))
}
