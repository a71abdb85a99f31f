import { Menu } from '@mantine/core'
import { Check, ChevronDown, FolderOpen, Search, Settings2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../api/queries.ts'
import { languages } from '../i18n/resources.ts'
import { IconButton } from '../ui/Button.tsx'
import { KeyHint } from '../ui/KeyHint.tsx'
import { ConnectionBadge } from './ConnectionBadge.tsx'
import { showDialog } from './dialogs.ts'
import { goTo } from './hashLocation.ts'
import { usePreferences, type Density, type Theme } from './preferences.ts'
import { Trail } from './Trail.tsx'
import css from './TopBar.module.css'
import { useChooseWorkspace } from './useChooseWorkspace.ts'
import { openWorkspace, useWorkspaceRoot } from './workspace.ts'

/** The bar over everything: workspace, where one is, search, connection, preferences. */
export function TopBar() {
  const { t } = useTranslation()
  return (
    <header className={css.bar} aria-label={t('topBar.label')}>
      <span className={css.mark} aria-hidden>
        <svg width="18" height="18" viewBox="0 0 20 20">
          <path d="M2 5.2 9 4v12l-7-1.2z" fill="currentColor" />
          <path
            d="M11.6 4.5 18 5.6v8.8l-6.4 1.1z"
            fill="none"
            stroke="var(--accent)"
            strokeWidth="1.6"
            strokeLinejoin="round"
          />
        </svg>
      </span>
      <WorkspaceMenu />
      <Trail />
      <button type="button" className={css.search} onClick={() => showDialog('palette')}>
        <Search size={14} strokeWidth={1.75} aria-hidden />
        <span>{t('topBar.search')}</span>
        <KeyHint keys="mod+k" />
      </button>
      <ConnectionBadge />
      <PreferencesMenu />
    </header>
  )
}

function WorkspaceMenu() {
  const { t } = useTranslation()
  const root = useWorkspaceRoot()
  const chooseWorkspace = useChooseWorkspace()
  const { data: recent } = useEngineQuery('workspaces.list', {})
  const name =
    recent?.find((one) => one.root === root)?.name ?? root?.split(/[\\/]/).findLast((part) => part !== '')
  return (
    <Menu position="bottom-start" offset={4} width={320} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className={css.workspace} title={root}>
          <span>{name ?? t('topBar.noWorkspace')}</span>
          <ChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {recent !== undefined && recent.length > 0 && <Menu.Label>{t('topBar.recent')}</Menu.Label>}
        {recent?.slice(0, 8).map((one) => (
          <Menu.Item
            key={one.root}
            disabled={!one.exists}
            leftSection={one.root === root ? <Check size={14} aria-hidden /> : <span style={{ width: 14 }} />}
            onClick={() => {
              openWorkspace(one.root)
              goTo('/')
            }}
          >
            <span className={css.recentName}>{one.name}</span>
            <span className={css.recentPath}>{one.root}</span>
          </Menu.Item>
        ))}
        {recent !== undefined && recent.length > 0 && <Menu.Divider />}
        <Menu.Item leftSection={<FolderOpen size={14} aria-hidden />} onClick={chooseWorkspace}>
          {t('topBar.openWorkspace')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const themes: Theme[] = ['system', 'dark', 'light']
const densities: Density[] = ['comfortable', 'compact']

function PreferencesMenu() {
  const { t, i18n } = useTranslation()
  const { theme, density } = usePreferences()
  const mark = (isOn: boolean) => (isOn ? <Check size={14} aria-hidden /> : <span style={{ width: 14 }} />)
  return (
    <Menu
      position="bottom-end"
      offset={4}
      width={200}
      closeOnItemClick={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <IconButton icon={Settings2} label={t('topBar.preferences')} hintAt="bottom" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('theme.label')}</Menu.Label>
        {themes.map((one) => (
          <Menu.Item
            key={one}
            leftSection={mark(one === theme)}
            onClick={() => usePreferences.setState({ theme: one })}
          >
            {t(`theme.${one}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('density.label')}</Menu.Label>
        {densities.map((one) => (
          <Menu.Item
            key={one}
            leftSection={mark(one === density)}
            onClick={() => usePreferences.setState({ density: one })}
          >
            {t(`density.${one}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('language.label')}</Menu.Label>
        {languages.map(({ id, name }) => (
          <Menu.Item
            key={id}
            lang={id}
            leftSection={mark(i18n.language === id)}
            onClick={() => usePreferences.setState({ language: id })}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
