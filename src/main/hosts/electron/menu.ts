/** Native menus. Items of ours name a command of the page; the page does it, so menu and shortcuts cannot disagree. */
import { Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron'

/** Ids of page commands that stand in the native menu, with their labels and keys. */
const commandItems: Record<string, [label: string, id: string, accelerator?: string][]> = {
  File: [
    ['Open workspace…', 'workspace.open', 'CmdOrCtrl+O'],
    ['Connect to engine…', 'engine.connect'],
  ],
  Go: [
    ['Workspace', 'go.workspace'],
    ['Benchmark', 'go.benchmark'],
    ['Compare', 'go.compare'],
    ['Videos', 'go.videos'],
    ['Jobs', 'go.jobs'],
    ['System', 'go.system'],
  ],
  Help: [['Keyboard shortcuts', 'help.shortcuts']],
}

/** @param focused the window that menu items act on. */
export function installMenu(focused: () => BrowserWindow | undefined): void {
  const items = (name: string): MenuItemConstructorOptions[] =>
    commandItems[name].map(([label, id, accelerator]) => ({
      label,
      ...(accelerator === undefined ? {} : { accelerator }),
      click: () => focused()?.webContents.send('parallax:menu', id),
    }))
  const isMac = process.platform === 'darwin'
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: 'appMenu' } as const] : []),
      {
        label: 'File',
        submenu: [...items('File'), { type: 'separator' }, { role: isMac ? 'close' : 'quit' }],
      },
      { role: 'editMenu' },
      { label: 'Go', submenu: items('Go') },
      {
        label: 'View',
        submenu: [
          { role: 'reload' },
          { role: 'toggleDevTools' },
          { type: 'separator' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
        ],
      },
      { role: 'windowMenu' },
      { role: 'help', submenu: items('Help') },
    ]),
  )
}
