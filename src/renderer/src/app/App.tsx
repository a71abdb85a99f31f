import { MantineProvider } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Route, Router, Switch, useLocation } from 'wouter'
import { useConnection } from '../api/connection.ts'
import { queryClient } from '../api/queries.ts'
import { routes } from '../features/routes.ts'
import { useProcessUpdates } from '../features/train/processes/processStore.ts'
import { changeLanguage } from '../i18n/index.ts'
import { Button } from '../ui/Button.tsx'
import { Page } from '../ui/Page.tsx'
import { Empty, Skeleton } from '../ui/states.tsx'
import { ToastArea } from '../ui/ToastArea.tsx'
import { toast } from '../ui/toasts.ts'
import css from './App.module.css'
import { CommandPalette } from './CommandPalette.tsx'
import { ConnectDialog } from './ConnectDialog.tsx'
import { useDesktop } from './desktop.ts'
import { useDialog } from './dialogs.ts'
import { DropArea } from './DropArea.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { FolderDialog } from './FolderDialog.tsx'
import { goTo, useHashLocation, useHashSearch } from './hashLocation.ts'
import { JobLine } from './JobLine.tsx'
import { useJobUpdates } from './jobs.ts'
import { isDark, usePreferences } from './preferences.ts'
import { Rail } from './Rail.tsx'
import { ShortcutSheet } from './ShortcutSheet.tsx'
import { mantineTheme } from './theme.ts'
import { TopBar } from './TopBar.tsx'
import { useKeyboard } from './useKeyboard.ts'
import { useWindowCommands } from './windowCommands.ts'

/** The whole window. */
export function App() {
  const { theme, density, language } = usePreferences()
  const isSystemDark = useMediaQuery('(prefers-color-scheme: dark)', true, { getInitialValueInEffect: false })
  useEffect(() => {
    document.documentElement.dataset.density = density
  }, [density])
  useEffect(() => {
    if (language !== undefined) changeLanguage(language)
  }, [language])
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={isDark(theme, isSystemDark) ? 'dark' : 'light'}>
      <QueryClientProvider client={queryClient}>
        <Router hook={useHashLocation} searchHook={useHashSearch} hrefs={useHashLocation.hrefs}>
          <Frame />
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  )
}

function Frame() {
  const { t } = useTranslation()
  const [location] = useLocation()
  useWindowCommands()
  useKeyboard()
  useJobUpdates()
  useProcessUpdates()
  useDesktop()
  useReconnectNotice()
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#page" onClick={focusPage}>
        {t('nav.skipToPage')}
      </a>
      <TopBar />
      <Rail />
      <main id="page" className={css.page} tabIndex={-1}>
        <ErrorBoundary resetKey={location}>
          <Suspense fallback={<Skeleton lines={8} />}>
            <Switch>
              {routes.map(({ path, Page }) => (
                <Route key={path} path={path} component={Page} />
              ))}
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <JobLine />
      <Dialogs />
      <ToastArea />
      <DropArea />
    </div>
  )
}

// The fragment is the route here, so the link itself must not change it.
function focusPage(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('page')?.focus()
}

function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('states.notFound')}>
      <Empty action={<Button onClick={() => goTo('/')}>{t('states.toWorkspace')}</Button>}>
        {t('states.notFoundHint')}
      </Empty>
    </Page>
  )
}

function Dialogs() {
  const { open, folder } = useDialog()
  return (
    <>
      <CommandPalette isOpen={open === 'palette'} />
      <ShortcutSheet isOpen={open === 'shortcuts'} />
      <ConnectDialog isOpen={open === 'connect'} />
      <FolderDialog question={folder} />
    </>
  )
}

/** Says so when the engine is back after it was lost. */
function useReconnectNotice(): void {
  const { t } = useTranslation()
  const state = useConnection((connection) => connection.state)
  const wasLost = useRef(false)
  useEffect(() => {
    if (state === 'lost') wasLost.current = true
    if (state !== 'open' || !wasLost.current) return
    wasLost.current = false
    toast({ look: 'ok', text: t('connection.restored'), lastsMs: 4000 })
  }, [state, t])
}
