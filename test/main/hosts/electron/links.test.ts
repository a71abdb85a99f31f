import { describe, expect, it } from 'vitest'
import { acceleratorOf } from '../../../../src/main/hosts/electron/accelerator.ts'
import { linkAmong, routeOfLink } from '../../../../src/main/hosts/electron/links.ts'

describe('a parallax:// link', () => {
  it.each([
    ['parallax://runs/4f2a-77', '/runs/4f2a-77'],
    ['parallax://runs/4f2a/', '/runs/4f2a'],
    ['parallax://compare?run=4f2a&frame=12', '/compare?run=4f2a&frame=12'],
    ['parallax://workspace', '/'],
    ['parallax://jobs/', '/jobs'],
    ['PARALLAX://system', '/system'],
  ])('%s leads to %s', (link, route) => expect(routeOfLink(link)).toBe(route))

  it.each([
    'https://runs/4f2a',
    'parallax://elsewhere/1',
    'parallax://',
    'parallax:runs/1',
    'file:///etc/passwd',
    'not a link',
    '',
  ])('%s leads nowhere', (link) => expect(routeOfLink(link)).toBeUndefined())

  it('cannot leave its page by dots or carry markup', () => {
    expect(routeOfLink('parallax://runs/../../etc')).toBe('/runs/etc')
    expect(routeOfLink('parallax://runs/<img src=x>')).not.toContain('<')
  })

  it('is found among the arguments of a start', () => {
    expect(linkAmong(['electron', '--flag', '.', 'parallax://runs/1'])).toBe('parallax://runs/1')
    expect(linkAmong(['electron', '.'])).toBeUndefined()
  })
})

describe('keys in a native menu', () => {
  it.each([
    ['mod+k', 'CommandOrControl+K'],
    ['alt+1', 'Alt+1'],
    ['mod+shift+enter', 'CommandOrControl+Shift+Enter'],
    ['ctrl+arrowleft', 'Control+Left'],
  ])('%s are shown as %s', (keys, shown) => expect(acceleratorOf(keys)).toBe(shown))

  it.each(['?', 'w', 'escape', 'mod+é', 'shift+?'])('%s are not shown', (keys) =>
    expect(acceleratorOf(keys)).toBeUndefined(),
  )
})
