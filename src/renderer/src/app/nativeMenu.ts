/** The native menu bar of the window, made from the command records and the recent workspaces. */
import type { MenuGroup, MenuItem, MenuRole } from '../../../shared/bridge.ts'
import type { Command } from './commands.ts'

/** Commands of the window that stand in a menu of their own kind; `go.…` are found by their name. */
export const menuCommands = {
  file: ['workspace.open', 'engine.connect', 'engine.reconnect', 'jobs.cancel'],
  view: ['view.theme', 'view.density', 'view.language'],
  help: ['window.palette', 'window.shortcuts'],
} as const

const recentPrefix = 'workspace.recent:'
const mostRecent = 10

export type MenuWords = (key: `menu.${MenuGroupName | 'recent' | MenuRole}`) => string
type MenuGroupName = 'file' | 'edit' | 'go' | 'page' | 'view' | 'help'

/** The workspace behind the id of a chosen item; `undefined` when it is a command. */
export const workspaceOfMenuId = (id: string): string | undefined =>
  id.startsWith(recentPrefix) ? id.slice(recentPrefix.length) : undefined

/**
 * @param commands all that are offered now.
 * @param recent workspaces that still exist, newest first.
 * @param word gives the words of the menu in the language of the page.
 */
export function nativeMenu(
  commands: readonly Command[],
  recent: readonly { root: string; name: string }[],
  word: MenuWords,
  isMac: boolean,
): MenuGroup[] {
  const item = ({ id, title, keys, disabledReason }: Command): MenuItem => ({
    type: 'command',
    id,
    label: title,
    ...(keys === undefined ? {} : { keys }),
    isEnabled: disabledReason === undefined,
  })
  const named = (ids: readonly string[]) =>
    ids.flatMap((id) => commands.filter((command) => command.id === id).map(item))
  const role = (name: MenuRole): MenuItem => ({ type: 'role', role: name, label: word(`menu.${name}`) })
  const line: MenuItem = { type: 'line' }
  const group = (name: MenuGroupName, items: MenuItem[]) => ({ label: word(`menu.${name}`), items })

  const [open, ...otherFile] = named(menuCommands.file)
  const recentItems = recent.slice(0, mostRecent).map(({ root, name }): MenuItem => ({
    type: 'command',
    id: `${recentPrefix}${root}`,
    label: `${name}  (${root})`,
    isEnabled: true,
  }))
  const ofPage = commands.filter(({ scope, isKeyOnly }) => scope === 'page' && isKeyOnly !== true).map(item)
  return [
    group('file', [
      ...(open ? [open] : []),
      ...(recentItems.length > 0
        ? [{ type: 'list' as const, label: word('menu.recent'), items: recentItems }]
        : []),
      line,
      ...otherFile,
      line,
      role(isMac ? 'close' : 'quit'),
    ]),
    group('edit', [
      ...(['undo', 'redo'] as const).map(role),
      line,
      ...(['cut', 'copy', 'paste', 'selectAll'] as const).map(role),
    ]),
    group('go', commands.filter(({ id }) => id.startsWith('go.')).map(item)),
    ...(ofPage.length > 0 ? [group('page', ofPage)] : []),
    group('view', [
      ...named(menuCommands.view),
      line,
      ...(['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen', 'minimize'] as const).map(role),
      line,
      ...(['reload', 'toggleDevTools'] as const).map(role),
    ]),
    group('help', named(menuCommands.help)),
  ]
}
