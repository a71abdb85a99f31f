/** Where the camera stood for each frame: the split files of a map. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AppError, toAppError } from '../../../shared/errors.ts'

/** `x`, `y` in radar units (0..1024, y down); `yaw` in radians, 0 = east, clockwise. */
export type Pose = { x: number; y: number; yaw: number | undefined }

const entry = z.object({
  x: z.number(),
  y: z.number(),
  angle_h: z.number().nullish(),
  map: z.string().optional(),
  file_frame: z.string(),
})

/**
 * Reads poses by frame name; files later in the list win. Entries of other maps and incomplete ones are left out.
 *
 * @throws AppError `unreadable` when a file is not a JSON array.
 */
export async function readPoses(
  files: readonly string[],
  map: string | undefined,
): Promise<Map<string, Pose>> {
  const poses = new Map<string, Pose>()
  for (const file of files) {
    for (const item of await readArray(file)) {
      const parsed = entry.safeParse(item)
      if (!parsed.success || (map !== undefined && parsed.data.map !== undefined && parsed.data.map !== map))
        continue
      const { x, y, angle_h, file_frame } = parsed.data
      poses.set(file_frame, { x, y, yaw: angle_h ?? undefined })
    }
  }
  return poses
}

async function readArray(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw toAppError(error, file)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = parsePythonJson(text, file)
  }
  if (Array.isArray(value)) return value
  throw new AppError('unreadable', `${file} does not hold a list of poses.`, {
    hint: 'A split file is a JSON array of objects with x, y, angle_h and file_frame.',
  })
}

/** Python writes NaN and Infinity bare; such an entry has no pose, the others are good. */
function parsePythonJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g, '$1null'))
  } catch (error) {
    throw new AppError('unreadable', `${file} is not valid JSON: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
