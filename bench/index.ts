/** `npm run bench [-- metrics|videos|window|logs] [--pairs N]`: measures speed on frames it makes itself. Not a test: times vary. */
import { benchMetrics } from './metrics.ts'

const args = process.argv.slice(2)
const at = args.indexOf('--pairs')
const pairs = at < 0 ? 400 : Number(args[at + 1])
const only = args.find((arg, index) => !arg.startsWith('--') && (at < 0 || index !== at + 1))

if (only === undefined || only === 'metrics') await benchMetrics(pairs)
if (only === undefined || only === 'videos') await (await import('./videos.ts')).benchVideos()
if (only === undefined || only === 'logs') await (await import('./logs.ts')).benchLogs()
if (only === 'window') await (await import('./window.ts')).benchWindow()
