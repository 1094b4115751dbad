//! Which address shows which screen. Hash addresses, because the window serves files.
import { ElMessage } from 'element-plus'
import 'element-plus/es/components/message/style/css'
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import { words } from '@/i18n'

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/today' },
  { path: '/today', name: 'today', component: () => import('@/screens/today/TodayScreen.vue') },
  {
    path: '/cases',
    name: 'cases',
    component: () => import('@/screens/cases/CasesScreen.vue'),
    props: { kind: 'case' },
  },
  {
    path: '/leads',
    name: 'leads',
    component: () => import('@/screens/cases/CasesScreen.vue'),
    props: { kind: 'lead' },
  },
  {
    path: '/permits',
    name: 'permits',
    component: () => import('@/screens/permits/PermitsScreen.vue'),
  },
  {
    path: '/list/:kind',
    name: 'list',
    component: () => import('@/screens/cases/CasesScreen.vue'),
    props: true,
  },
  {
    path: '/record/:id',
    name: 'record',
    component: () => import('@/screens/case/CaseScreen.vue'),
    props: true,
  },
  { path: '/debts', name: 'debts', component: () => import('@/screens/debts/DebtsScreen.vue') },
  {
    path: '/record/:id/progress',
    name: 'progress',
    component: () => import('@/screens/customer/ProgressScreen.vue'),
    props: true,
  },
  {
    path: '/record/:id/notice',
    name: 'notice',
    component: () => import('@/screens/customer/NoticeScreen.vue'),
    props: true,
  },
  {
    path: '/record/:id/part/:part',
    name: 'part',
    component: () => import('@/screens/case/PartScreen.vue'),
    props: true,
  },
  {
    path: '/record/:id/do/:command',
    name: 'command',
    component: () => import('@/screens/case/CommandScreen.vue'),
    props: true,
  },
  {
    path: '/new/:command',
    name: 'create',
    component: () => import('@/screens/case/CommandScreen.vue'),
    props: true,
  },
  { path: '/sync', name: 'sync', component: () => import('@/screens/sync/SyncScreen.vue') },
  {
    path: '/attention',
    name: 'attention',
    component: () => import('@/screens/attention/AttentionScreen.vue'),
  },
  {
    path: '/policy/:clause?',
    name: 'policy',
    component: () => import('@/screens/policy/PolicyScreen.vue'),
    props: true,
  },
  {
    path: '/supervision',
    name: 'supervision',
    component: () => import('@/screens/supervision/SupervisionScreen.vue'),
  },
  { path: '/prices', name: 'prices', component: () => import('@/screens/prices/PriceScreen.vue') },
  {
    path: '/reports',
    name: 'reports',
    component: () => import('@/screens/report/ReportScreen.vue'),
  },
  { path: '/audit', name: 'audit', component: () => import('@/screens/audit/AuditScreen.vue') },
  {
    path: '/retention',
    name: 'retention',
    component: () => import('@/screens/retention/RetentionScreen.vue'),
  },
  { path: '/admin', name: 'admin', component: () => import('@/screens/admin/AdminScreen.vue') },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('@/screens/settings/SettingsScreen.vue'),
  },
]

export const router = createRouter({ history: createWebHashHistory(), routes })

/** A page that cannot be loaded says so; a tap is never without an answer. */
router.onError(() => {
  ElMessage.error(words.t('shell.load_failed'))
})
