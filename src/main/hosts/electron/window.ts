/** The studio's window: sandboxed, without a way out of our own pages, remembering where it stood. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BrowserWindow, screen, session, shell, type Rectangle } from 'electron'
import { appOrigin } from './protocols.ts'

type WindowState = Rectangle & { isMaximized: boolean }

/**
 * Opens the window.
 *
 * @param stateFile where size and place are kept between starts.
 * @param route the page to begin with; the one a person left is not remembered.
 */
export function openWindow(preload: string, stateFile: string, route?: string): BrowserWindow {
  const state = readState(stateFile)
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...state,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#111214',
    title: 'Parallax',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  if (state?.isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () =>
    writeState(stateFile, { ...window.getNormalBounds(), isMaximized: window.isMaximized() }),
  )
  confine(window)
  void window.loadURL(addressOf(route))
  return window
}

/** Brings the window to the front and goes to a page of it. */
export function showRoute(window: BrowserWindow, route: string | undefined): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  // Only the fragment differs, so the page goes there without being loaded again.
  const address = addressOf(route)
  if (route !== undefined && window.webContents.getURL() !== address) void window.loadURL(address)
}

const addressOf = (route: string | undefined) => `${appOrigin}/${route === undefined ? '' : `#${route}`}`

/** No navigation away, no new windows; links of the web open in the user's browser after the page asked. */
function confine(window: BrowserWindow): void {
  window.webContents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${appOrigin}/`)) event.preventDefault()
  })
  // about:blank needs no loading and so cannot be refused; the way back is ours.
  window.webContents.on('did-navigate', (_event, url) => {
    if (!url.startsWith(`${appOrigin}/`)) void window.loadURL(addressOf(undefined))
  })
  window.webContents.on('will-attach-webview', (event) => event.preventDefault())
  window.webContents.setWindowOpenHandler(({ url }) => {
    if (/^https:\/\//.test(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

/** The pages need none of what they could ask permission for, but writing to the clipboard and full screen. */
export function refusePermissions(): void {
  const allowed = new Set(['clipboard-sanitized-write', 'fullscreen'])
  session.defaultSession.setPermissionRequestHandler((contents, permission, decide) =>
    decide(allowed.has(permission) && contents.getURL().startsWith(`${appOrigin}/`)),
  )
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => allowed.has(permission) && origin.startsWith(appOrigin),
  )
}

function readState(file: string): WindowState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as WindowState
    const isOnScreen = screen
      .getAllDisplays()
      .some(
        ({ workArea }) =>
          state.x < workArea.x + workArea.width &&
          state.y < workArea.y + workArea.height &&
          state.x + state.width > workArea.x &&
          state.y + state.height > workArea.y,
      )
    return isOnScreen ? state : undefined
  } catch {
    return undefined
  }
}

function writeState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state))
  } catch {
    // A window that forgets its place is no reason to keep it from closing.
  }
}

/** File of the window state in the user's data folder. */
export const windowStateFile = (home: string) => join(home, 'window.json')
