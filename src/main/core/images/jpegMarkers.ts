/**
 * The markers behind the first scan of a JPEG. libjpeg passes over wrong picture data, but Pillow lets it read on to
 * the end of the image, where a marker that must not be there is an error. sharp stops after the last row and would
 * show a picture whose rest is grey.
 */

const restartInterval = 0xdd
const startOfScan = 0xda
const endOfImage = 0xd9

const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7
/** Markers without a length: TEM and RST. */
const isBare = (marker: number) => marker === 0x01 || isRestart(marker)
/** Segments that may lie between or behind scans: DHT, DAC, SOS, DQT, DNL, DRI, APP and comments. */
const isSegment = (marker: number) =>
  [0xc4, 0xcc, startOfScan, 0xdb, 0xdc, restartInterval, 0xfe].includes(marker) ||
  (marker >= 0xe0 && marker <= 0xef)

/**
 * The first marker from `scanOffset` (where a scan begins) on that libjpeg refuses; nothing when all are in order up
 * to the end of the image or of the file.
 */
export function misplacedMarker(
  bytes: Uint8Array,
  scanOffset: number,
  { hasRestarts, hasManyScans }: { hasRestarts: boolean; hasManyScans: boolean },
): number | undefined {
  let isInData = false
  let scans = 0
  for (let at = scanOffset; ;) {
    at = bytes.indexOf(0xff, at)
    if (at === -1) return undefined
    while (bytes[at] === 0xff) at += 1
    const marker = bytes[at]
    if (marker === undefined || marker === endOfImage) return undefined
    at += 1
    // With restarts libjpeg looks for the next one where data goes wrong, and passes over what is no segment.
    const isPartOfData =
      marker === 0 || (isInData && hasRestarts && marker < 0xd8 && (marker < 0xc0 || isRestart(marker)))
    if (isPartOfData) continue
    isInData = false
    if (isBare(marker)) continue
    if (!isSegment(marker)) return marker
    if (marker === startOfScan) {
      scans += 1
      if (scans > 1 && !hasManyScans) return marker
      isInData = true
    }
    if (at + 1 < bytes.length) at += bytes[at]! * 256 + bytes[at + 1]!
  }
}
