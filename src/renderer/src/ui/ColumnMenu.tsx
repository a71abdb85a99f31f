import { Menu } from '@mantine/core'
import { Check, Columns3 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'

export type ColumnChoice = { id: string; title: ReactNode; isShown: boolean }

/** Chooses the columns of a table; stays open, for one seldom changes only one. */
export function ColumnMenu(props: {
  label: string
  columns: readonly ColumnChoice[]
  onChange(id: string, isShown: boolean): void
}) {
  const { label, columns, onChange } = props
  return (
    <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }} closeOnItemClick={false}>
      <Menu.Target>
        <Button icon={Columns3}>{label}</Button>
      </Menu.Target>
      <Menu.Dropdown style={{ maxHeight: '70vh', overflowY: 'auto' }}>
        {columns.map(({ id, title, isShown }) => (
          <Menu.Item
            key={id}
            role="menuitemcheckbox"
            aria-checked={isShown}
            leftSection={
              <Check size={14} aria-hidden style={{ visibility: isShown ? 'visible' : 'hidden' }} />
            }
            onClick={() => onChange(id, !isShown)}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
