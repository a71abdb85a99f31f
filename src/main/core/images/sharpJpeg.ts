/**
 * Any JPEG through sharp, given only the segments that change pixels: no profiles, no orientation, no gain maps. Like
 * Pillow it passes over damage within the data as libjpeg does, and refuses data that ends too early.
 */
import type { JpegHeader } from './jpegHeader.ts'
import { misplacedMarker } from './jpegMarkers.ts'
import { unreadable, type Subject } from './unreadable.ts'

/** Decodes to RGB. @throws AppError `unreadable` */
export async function decodeWithSharp(
  bytes: Uint8Array,
  header: JpegHeader,
  subject: Subject,
): Promise<Uint8Array> {
  if (misplacedMarker(bytes, header.scanOffset, header) !== undefined) {
    throw unreadable(subject, 'the data of the JPEG is damaged')
  }
  const plain = Buffer.concat([
    ...header.segments.map(([start, stop]) => bytes.subarray(start, stop)),
    bytes.subarray(header.scanOffset),
  ])
  const { mode, width, height } = header
  const isCmyk = mode === 'CMYK'
  // Loaded when it is needed: the start of every thread would wait for it, and few ever need it.
  const { sharp } = await import('./sharp.ts')
  const pipeline = sharp(plain, {
    failOn: 'truncated',
    limitInputPixels: false,
    ignoreIcc: true,
    sequentialRead: true,
  })
  if (isCmyk) pipeline.pipelineColourspace('cmyk').toColourspace('cmyk')
  const decoded = await pipeline
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      const isCutOff = /premature end/i.test(String(cause))
      throw unreadable(
        subject,
        isCutOff
          ? 'the JPEG is cut off: the file ends before the picture does'
          : 'the data of the JPEG is damaged',
        cause,
      )
    })
  if (decoded.info.width !== width || decoded.info.height !== height) {
    throw unreadable(subject, 'the JPEG contradicts itself about its size')
  }
  const { channels } = decoded.info
  return isCmyk ? rgbFromCmyk(decoded.data) : channels === 1 ? rgbFromGrey(decoded.data) : decoded.data
}

/**
 * Pillow's conversion from CMYK (`Convert.c`: `cmyk2rgb`). Both libvips and Pillow take every CMYK JPEG as stored
 * inverted, as Adobe does, and have turned the samples round.
 */
function rgbFromCmyk(cmyk: Uint8Array): Uint8Array {
  const data = new Uint8Array((cmyk.length / 4) * 3)
  for (let from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
    const white = 255 - cmyk[from + 3]!
    for (let channel = 0; channel < 3; channel++) {
      const product = cmyk[from + channel]! * white + 128
      data[to + channel] = Math.max(0, white - (((product >> 8) + product) >> 8))
    }
  }
  return data
}

function rgbFromGrey(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(grey.length * 3)
  for (let from = 0, to = 0; from < grey.length; from++, to += 3)
    data[to] = data[to + 1] = data[to + 2] = grey[from]!
  return data
}
