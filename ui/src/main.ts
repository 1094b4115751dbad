//! Starts the pages: the bridge first, then the session, then the screens.
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/es/components/base/style/css'
import './design/tokens.css'
import './design/element.css'
import './design/base.css'
import App from './App.vue'
import { openBridge } from './bridge'
import { i18n } from './i18n'
import { router } from './shell/router'

await openBridge()
createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
