/** Mounts the page. */

import { mount } from 'svelte'
import './tokens.css'
import './page.css'
import App from './App.svelte'
import { preferences } from './text/language.svelte.ts'

preferences.apply()
mount(App, { target: document.getElementById('page')! })
