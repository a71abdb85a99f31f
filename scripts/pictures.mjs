/* global document, localStorage, location, NodeFilter */
// Makes the pictures of the documentation: a sample workspace, a real engine, every page in both themes.
// Usage: node scripts/pictures.mjs [FOLDER], with the project's own Node and after npm run build.
// Writes <page>-<theme>.png into FOLDER (docs/pictures); some also in Chinese (-zh) and in 1920 x 1080 (-wide).
// A browser is taken from PARALLAX_CHROMIUM, else from the npm package @sparticuz/chromium.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pictures = process.argv[2] ?? join(root, 'docs/pictures')
const work = mkdtempSync(join(tmpdir(), 'parallax-pictures-'))
const workspace = join(work, 'UniLIP')
const cli = join(root, 'src/main/hosts/cli/index.ts')
const env = { ...process.env, PARALLAX_HOME: join(work, 'home') }
const size = { width: 1280, height: 800 }
const wide = { width: 1920, height: 1080 }

mkdirSync(pictures, { recursive: true })
let server
try {
  await command('demo', '--output', workspace, '--offline')
  const runs = JSON.parse(await command('runs', 'list', '--json').then(jsonArray))
  await command('experiments', 'import', join(workspace, 'record.md'), '--workspace', workspace)
  server = spawn(process.execPath, [cli, 'serve', '--port', '0', '--json', '--workspace', workspace], { env })
  const url = await addressOf(server)
  const browser = await openBrowser()
  for (const theme of ['dark', 'light']) await takePictures(browser, url, runs, { theme })
  await takePictures(browser, url, runs, {
    theme: 'dark',
    language: 'zh-CN',
    suffix: '-zh',
    only: ['workspace', 'results', 'compare'],
  })
  await takePictures(browser, url, runs, {
    theme: 'dark',
    viewport: wide,
    suffix: '-wide',
    only: ['workspace', 'results', 'compare', 'curves'],
  })
  await browser.close()
} finally {
  server?.kill('SIGINT')
  rmSync(work, { recursive: true, force: true })
}

/** Runs a command of the terminal door to its end and gives what it printed. */
function command(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`parallax ${args[0]} ended with ${code}.`)),
    )
  })
}

/** JSON lines with runs among them, as one array of the runs. */
function jsonArray(lines) {
  const values = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return JSON.stringify(
    values.flatMap((value) => value.runs ?? value.run ?? value).filter((value) => value.id),
  )
}

/** The address that `parallax serve` prints. */
async function addressOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const { type, url } = JSON.parse(line)
    if (type === 'serving') return url
  }
  throw new Error('parallax serve ended before it printed its address.')
}

async function openBrowser() {
  const executablePath =
    process.env.PARALLAX_CHROMIUM ??
    (await import('@sparticuz/chromium').then((found) => found.default.executablePath()))
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

/** Runs in the page: writes other names in the place of this machine's folders, also where a path is shortened. */
function hidePaths(names) {
  const hide = (text) =>
    Object.entries(names).reduce((shown, [path, name]) => shown.replaceAll(path, name), text)
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode
    const whole = node.parentElement?.closest('[title]')?.title ?? ''
    const isShortened = whole !== hide(whole) && node.nodeValue.includes('…')
    const shown = hide(isShortened ? whole : node.nodeValue)
    const { length } = node.nodeValue
    node.nodeValue = isShortened && shown.length > length ? `…${shown.slice(1 - length)}` : shown
  }
}

/** Writes a picture at the best quality that keeps it below 300 kB; a palette looks the same at this scale. */
async function write(picture, file) {
  for (const quality of [100, 80, 60, 40]) {
    const dither = quality === 100 ? 1 : 0
    const bytes = await sharp(picture).png({ palette: true, quality, dither, effort: 9 }).toBuffer()
    if (bytes.length < 300_000 || quality === 40) return writeFile(file, bytes)
  }
}

/**
 * Every page, or those named in `only`.
 *
 * @param look.suffix behind the name of each file, to tell it from the one in English at the usual size.
 */
async function takePictures(
  browser,
  url,
  runs,
  { theme, language = 'en', viewport = size, suffix = '', only },
) {
  const [run, ...others] = runs
  const earlier = others.find((other) => other.map === run.map)
  const context = await browser.newContext({ viewport, locale: language === 'en' ? 'en-GB' : language })
  const preferences = { state: { theme, density: 'comfortable', language, workspaces: {} }, version: 1 }
  await context.addInitScript(
    (text) => localStorage.setItem('parallax.preferences', text),
    JSON.stringify(preferences),
  )
  const page = await context.newPage()
  await page.goto(url)
  const shoot = async (name, route, act = async () => {}) => {
    if (only && !only.includes(name)) return
    await page.evaluate((hash) => (location.hash = hash), `#${route}`)
    await page.waitForTimeout(1500)
    await act()
    await page.mouse.move(0, 0)
    await page.evaluate(hidePaths, { [work]: '/home/user', [homedir()]: '/home/user' })
    const picture = await page.screenshot()
    await write(picture, join(pictures, `${name}-${theme}${suffix}.png`))
  }
  await shoot('workspace', '/')
  await shoot('benchmark', '/benchmark', async () => {
    await page.getByRole('checkbox', { name: 'All', exact: true }).check({ force: true })
    await page
      .getByRole('button', { name: 'Run benchmark' })
      .and(page.locator(':not([aria-disabled])'))
      .waitFor()
  })
  await shoot('runs', '/runs')
  await shoot('results', `/runs/${run.id}`, () => page.waitForLoadState('networkidle'))
  await shoot('compare', `/compare?runs=${run.id},${earlier.id}&frame=20`, () => page.waitForTimeout(2500))
  await shoot('difference', `/compare?runs=${run.id}&frame=20&mode=difference`, () =>
    page.waitForTimeout(2500),
  )
  await shoot('experiments', '/experiments', () => page.waitForTimeout(1000))
  await shoot('train', '/train', () => page.waitForTimeout(1000))
  await shoot('curves', '/train/curves', () => page.waitForTimeout(2500))
  await shoot('videos', '/videos', async () => {
    const poster = page.locator('li button').first()
    if (await poster.isVisible()) await poster.click()
    await page.waitForTimeout(1500)
  })
  await shoot('jobs', '/jobs')
  await shoot('system', '/system', () => page.getByText('better-sqlite3').waitFor())
  await shoot('palette', '/runs', async () => {
    await page.keyboard.press('Control+k')
    await page.waitForTimeout(300)
  })
  await context.close()
}
