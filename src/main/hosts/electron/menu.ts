/**
 * Native menus. The page describes them in its language from its own command records, and a chosen item goes back to
 * the page as the id of a command: menu, palette and shortcuts cannot disagree.
 */
import { Menu, type MenuItemConstructorOptions } from 'electron'
import { z } from 'zod'
import { menuRoles, type MenuGroup, type MenuItem } from '../../../shared/bridge.ts'
import { acceleratorOf } from './accelerator.ts'

const label = z.string().max(200)
const menuItem: z.ZodType<MenuItem> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('command'),
      id: z.string().max(5000),
      label,
      keys: z.string().max(40).optional(),
      isEnabled: z.boolean(),
    }),
    z.object({ type: z.literal('role'), role: z.enum(menuRoles), label }),
    z.object({ type: z.literal('list'), label, items: z.array(menuItem).max(50) }),
    z.object({ type: z.literal('line') }),
  ]),
)

/** What a page may send as its menu bar. */
export const menuBar: z.ZodType<MenuGroup[]> = z
  .array(z.object({ label, items: z.array(menuItem).max(100) }))
  .max(12)

/** The menu bar until a page has described its own: enough to copy, paste and quit. */
export function installFirstMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...appMenu(), { role: 'fileMenu' }, { role: 'editMenu' }, { role: 'viewMenu' }]),
  )
}

/** Shows the menu bar of a page. @param perform told the id of a command that was chosen. */
export function installMenu(groups: readonly MenuGroup[], perform: (commandId: string) => void): void {
  const template = groups.map(({ label, items }) => ({
    label,
    submenu: items.map((item) => native(item, perform)),
  }))
  Menu.setApplicationMenu(Menu.buildFromTemplate([...appMenu(), ...template]))
}

const appMenu = (): MenuItemConstructorOptions[] =>
  process.platform === 'darwin' ? [{ role: 'appMenu' }] : []

function native(item: MenuItem, perform: (commandId: string) => void): MenuItemConstructorOptions {
  if (item.type === 'line') return { type: 'separator' }
  // An ampersand would underline the letter after it.
  const label = item.label.replaceAll('&', '&&')
  if (item.type === 'role') return { role: item.role, label }
  if (item.type === 'list') return { label, submenu: item.items.map((one) => native(one, perform)) }
  const accelerator = item.keys === undefined ? undefined : acceleratorOf(item.keys)
  return {
    label,
    id: item.id,
    enabled: item.isEnabled,
    click: () => perform(item.id),
    // Shown only: the page hears the keys itself, and hears them first.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  }
}
