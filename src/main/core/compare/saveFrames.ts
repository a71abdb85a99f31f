/** Writes frames of a comparison to disk: exact pictures as PNG, and one contact sheet over all of them. */
import { createCanvas } from '@napi-rs/canvas'
import { extname, join } from 'node:path'
import type { OverlayOptions } from 'sharp'
import type { z } from 'zod'
import type { saveFramesRequest } from '../../../shared/contract/compare.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { RgbPixels } from '../images/rgbImage.ts'
import { sharp } from '../images/sharp.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { fontFor } from '../videos/drawing/fonts.ts'
import { prepareOutputFolder } from '../videos/outputFolder.ts'

export type SaveFramesRequest = z.output<typeof saveFramesRequest>
/** One column of what is saved, and the words under its pictures. */
export type SavedSource = {
  label: string
  /** What it shows at each name: a file, a frame of a video, or nothing. */
  pictures: readonly (string | number | null)[]
  /** How a person finds a picture again. */
  nameOf(picture: string | number): string
  /** @throws AppError when it cannot be read. */
  read(picture: string | number): Promise<RgbPixels>
  /** Scores of a picture; empty for none. */
  captionOf(picture: string | number): string
}
export type SavedFrames = { folder: string; files: number; contactSheet?: string; missing: string[] }

const gap = 8
const captionHeight = 28
const background = { r: 24, g: 24, b: 24 }
const sheetTile = 320
/** A sheet of more rows than this could not be opened by most programs. */
const sheetRows = 100

/**
 * @param folder absolute.
 * @returns what was written. Files that cannot be read are named in `missing`; the others are saved.
 */
export async function saveFrames(
  request: Pick<SaveFramesRequest, 'names' | 'files' | 'contactSheet'>,
  sources: readonly SavedSource[],
  folder: string,
  { signal, report }: Pick<JobContext, 'signal' | 'report'>,
): Promise<SavedFrames> {
  await prepareOutputFolder(folder)
  const result: SavedFrames = { folder, files: 0, missing: [] }
  const rows: SheetRow[] = []
  const fileWords = distinctWords(sources.map(({ label }) => fileWord(label)))
  for (const [done, name] of request.names.entries()) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled.')
    report({ stage: 'Saving frames', done, total: request.names.length, unit: 'frames' })
    const pictures = await Promise.all(
      sources.map(async (source) => {
        const picture = source.pictures[done]
        if (picture === null) return undefined
        return source.read(picture).catch(() => {
          result.missing.push(source.nameOf(picture))
          return undefined
        })
      }),
    )
    const words = sources.map(({ captionOf, pictures }) =>
      pictures[done] === null ? '' : captionOf(pictures[done]),
    )
    const stem = name.slice(0, name.length - extname(name).length)
    if (request.files === 'separate') {
      for (const [at, picture] of pictures.entries()) {
        if (!picture) continue
        await writePng(picture, join(folder, `${stem}_${fileWords[at]}.png`))
        result.files++
      }
    }
    if (request.files === 'joined' && pictures.some((picture) => picture)) {
      const captions = sources.map(({ label }, at) => [label, words[at]].filter(Boolean).join('  ·  '))
      await writeJoined(pictures, captions, join(folder, `${stem}.png`))
      result.files++
    }
    if (request.contactSheet && rows.length < sheetRows)
      rows.push({
        name: stem,
        words,
        tiles: await Promise.all(pictures.map((picture) => picture && thumbnailOf(picture))),
      })
  }
  if (request.contactSheet && rows.length > 0) {
    result.contactSheet = join(folder, 'contact_sheet.png')
    await writeSheet(rows, sources, result.contactSheet)
    result.files++
  }
  report({ stage: 'Saving frames', done: request.names.length, total: request.names.length, unit: 'frames' })
  if (result.files === 0)
    throw new AppError('unreadable', `None of the ${request.names.length} frames could be read.`, {
      hint: `The first is ${result.missing[0]}.`,
    })
  return result
}

/** Pictures in a row at their own size, without a single pixel changed, each with its name below. */
async function writeJoined(
  pictures: readonly (RgbPixels | undefined)[],
  captions: readonly string[],
  file: string,
): Promise<void> {
  const present = pictures.filter((picture) => picture !== undefined)
  const usual = present[0]
  const height = Math.max(...present.map((picture) => picture.height))
  const widths = pictures.map((picture) => (picture ?? usual).width)
  const width = widths.reduce((sum, part) => sum + part, 0) + gap * (widths.length - 1)
  const layers: OverlayOptions[] = []
  let left = 0
  for (const [at, picture] of pictures.entries()) {
    if (picture)
      layers.push({
        input: bufferOf(picture),
        left,
        top: 0,
        raw: { width: picture.width, height: picture.height, channels: 3 },
      })
    layers.push({
      input: captionPng(picture ? captions[at] : `${captions[at]}  ·  –`, widths[at]),
      left,
      top: height,
    })
    left += widths[at] + gap
  }
  await written(
    sharp({ create: { width, height: height + captionHeight, channels: 3, background } })
      .composite(layers)
      .removeAlpha()
      .png({ compressionLevel: 6 })
      .toFile(file),
    file,
  )
}

type SheetRow = { name: string; words: readonly string[]; tiles: readonly (RgbPixels | undefined)[] }

async function writeSheet(
  rows: readonly SheetRow[],
  sources: readonly Pick<SavedSource, 'label'>[],
  file: string,
): Promise<void> {
  const tileHeights = rows.map(({ tiles }) => Math.max(24, ...tiles.map((tile) => tile?.height ?? 0)))
  const width = gap + sources.length * (sheetTile + gap)
  const rowHeight = (at: number) => tileHeights[at] + captionHeight + gap
  const height = captionHeight + rows.reduce((sum, _, at) => sum + rowHeight(at), 0)
  const layers: OverlayOptions[] = sources.map(({ label }, column) => ({
    input: captionPng(label, sheetTile),
    left: gap + column * (sheetTile + gap),
    top: 0,
  }))
  let top = captionHeight
  for (const [at, { name, words, tiles }] of rows.entries()) {
    for (const [column, tile] of tiles.entries()) {
      const left = gap + column * (sheetTile + gap)
      if (tile)
        layers.push({
          input: bufferOf(tile),
          left,
          top,
          raw: { width: tile.width, height: tile.height, channels: 3 },
        })
      layers.push({
        input: captionPng(
          column === 0 ? [name, words[0]].filter(Boolean).join('  ') : words[column],
          sheetTile,
        ),
        left,
        top: top + tileHeights[at],
      })
    }
    top += rowHeight(at)
  }
  await written(
    sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false })
      .composite(layers)
      .removeAlpha()
      .png({ compressionLevel: 6 })
      .toFile(file),
    file,
  )
}

/** sharp takes raw pixels as a Buffer; this one shares their memory. */
const bufferOf = ({ data }: RgbPixels) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)

function captionPng(text: string, width: number): Buffer {
  const canvas = createCanvas(Math.max(8, width), captionHeight)
  const context = canvas.getContext('2d')
  context.fillStyle = `rgb(${background.r}, ${background.g}, ${background.b})`
  context.fillRect(0, 0, canvas.width, captionHeight)
  context.fillStyle = '#d6d8dc'
  context.font = fontFor(text, 13)
  context.textBaseline = 'middle'
  context.fillText(text, 4, captionHeight / 2, Math.max(4, width - 8))
  return canvas.toBuffer('image/png')
}

async function thumbnailOf({ data, width, height }: RgbPixels): Promise<RgbPixels> {
  const { data: small, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: sheetTile })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data: small, width: info.width, height: info.height }
}

const writePng = ({ data, width, height }: RgbPixels, file: string) =>
  written(
    sharp(data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 6 })
      .toFile(file),
    file,
  )

async function written(writing: Promise<unknown>, file: string): Promise<void> {
  try {
    await writing
  } catch (error) {
    throw toAppError(error, file)
  }
}

/** Words that are there twice get a number. */
const distinctWords = (words: readonly string[]) =>
  words.map((word, at) => (words.indexOf(word) === at ? word : `${word}_${at + 1}`))

/** A label as part of a file name. */
const fileWord = (label: string) => label.replace(/[^\p{L}\p{N}.-]+/gu, '_').replace(/^_+|_+$/g, '') || 'run'
