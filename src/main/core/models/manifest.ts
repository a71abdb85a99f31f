/** The list of networks the studio can use: official addresses, hashes, sizes and licences (`resources/models.json`). */
import { z } from 'zod'
import manifestJson from '../../../../resources/models.json' with { type: 'json' }
import { AppError } from '../../../shared/errors.ts'

export const modelIds = [
  'lpips-alex',
  'lpips-vgg',
  'lpips-squeeze',
  'alexnet',
  'vgg16',
  'squeezenet1_1',
  'inception-v3-fid',
  'clip-vit-b32',
  'clip-vit-l14',
  'aesthetic-head',
] as const
export type ModelId = (typeof modelIds)[number]

const modelFile = z.object({
  /** Name in the model folder, different for every file. */
  name: z.string(),
  /** Names under which other programs store the same bytes. */
  otherNames: z.array(z.string()).default([]),
  /** A folder of raw layers; size and hash are those of its `index.json`, which names the hash of every layer. */
  isFolder: z.boolean().default(false),
  size: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Official address; files without one are accepted when found. */
  url: z.url().optional(),
  /** Repository whose cache on this machine may hold the file. */
  huggingFace: z.string().optional(),
  /** Inception features the file can give, when not all. */
  features: z.array(z.string()).optional(),
})
export type ModelFile = z.infer<typeof modelFile>

const model = z.object({
  id: z.enum(modelIds),
  title: z.string(),
  neededFor: z.array(z.string()),
  licence: z.string(),
  source: z.string(),
  /** The first file is the official one; the others are accepted in its place. */
  files: z.array(modelFile).min(1),
})
export type Model = z.infer<typeof model>

const manifestSchema = z.object({ version: z.literal(1), models: z.array(model) })
export type Manifest = z.infer<typeof manifestSchema>

/** Checks a manifest. @throws ZodError when it has another form. */
export const parseManifest = (value: unknown): Manifest => manifestSchema.parse(value)

/** The manifest that ships with the studio. */
export const manifest: Manifest = parseManifest(manifestJson)

/** The model of an id. @throws AppError `not-found` that lists the ids. */
export function findInManifest(list: Manifest, id: string): Model {
  const found = list.models.find((candidate) => candidate.id === id)
  if (found === undefined) {
    throw new AppError('not-found', `There is no model named "${id}".`, {
      hint: `Models: ${list.models.map((candidate) => candidate.id).join(', ')}.`,
    })
  }
  return found
}
