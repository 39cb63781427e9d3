/** Mounts the page, once the reader's language is here. */

import { mount } from 'svelte'
import './tokens.css'
import './page.css'
import App from './App.svelte'
import { followKeyboard } from './keyboard.ts'
import { preferences } from './text/language.svelte.ts'

preferences.apply()
await preferences.need(['shell'])
followKeyboard()
mount(App, { target: document.getElementById('page')! })
