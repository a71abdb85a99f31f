import { describe, expect, it } from 'vitest'
import type { Command } from '../../../src/renderer/src/app/commands.ts'
import { menuCommands, nativeMenu, workspaceOfMenuId } from '../../../src/renderer/src/app/nativeMenu.ts'

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id,
  title: id.toUpperCase(),
  scope: 'window',
  perform: () => {},
  ...more,
})
const all = [
  ...Object.values(menuCommands)
    .flat()
    .map((id) => command(id)),
  command('go.runs', { keys: 'alt+3' }),
  command('benchmark.run', { scope: 'page', keys: 'mod+enter', disabledReason: 'Choose runs.' }),
  command('compare.step', { scope: 'page', isKeyOnly: true }),
]
const menu = (recent: { root: string; name: string }[] = [], isMac = false) =>
  nativeMenu(all, recent, (key) => key.replace('menu.', ''), isMac)

describe('the native menu bar', () => {
  it('has every command once, with its title, its keys and whether it can be run', () => {
    const items = menu().flatMap((group) => group.items)
    const commands = items.flatMap((item) => (item.type === 'command' ? [item] : []))
    expect(commands.map(({ id }) => id).sort()).toEqual(
      all.flatMap(({ id, isKeyOnly }) => (isKeyOnly ? [] : [id])).sort(),
    )
    expect(commands.find(({ id }) => id === 'go.runs')).toEqual({
      type: 'command',
      id: 'go.runs',
      label: 'GO.RUNS',
      keys: 'alt+3',
      isEnabled: true,
    })
    expect(commands.find(({ id }) => id === 'benchmark.run')?.isEnabled).toBe(false)
  })

  it('lists ten recent workspaces at most, and none as no list', () => {
    const lists = (count: number) =>
      menu(Array.from({ length: count }, (_, index) => ({ root: `/w/${index}`, name: `w${index}` })))
        .flatMap((group) => group.items)
        .flatMap((item) => (item.type === 'list' ? [item.items] : []))
    expect(lists(0)).toEqual([])
    expect(lists(12)[0]).toHaveLength(10)
    expect(lists(1)[0]).toMatchObject([{ id: 'workspace.recent:/w/0', label: 'w0  (/w/0)' }])
  })

  it('ends its first menu with quitting, on a Mac with closing the window', () => {
    expect(menu()[0].items.at(-1)).toMatchObject({ role: 'quit' })
    expect(menu([], true)[0].items.at(-1)).toMatchObject({ role: 'close' })
  })
})

it('knows the workspace behind a recent item, whatever its path', () => {
  expect(workspaceOfMenuId('workspace.recent:/a: b/c')).toBe('/a: b/c')
  expect(workspaceOfMenuId('workspace.open')).toBeUndefined()
})
