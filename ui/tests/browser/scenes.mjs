//! The screens that the run in a browser looks at: where they are, who looks, what must be there.
export const CASE = '22222222-0000-7000-8000-000000000002'
export const LEAD = '22222222-0000-7000-8000-000000000001'
export const COURT = '22222222-0000-7000-8000-000000000004'
export const FLAT = '22222222-0000-7000-8000-000000000003'

export const CANTEEN = '22222222-0000-7000-8000-000000000005'
export const REQUEST = '22222222-0000-7000-8000-000000000006'

/** `see` is what must be in the page's text, in Chinese and in English. */
export const SCENES = [
  { name: 'signin', door: 'fresh', see: ['登录并登记本机', 'Sign in and enrol'] },
  { name: 'unlock', door: 'locked', see: ['输入 6 位 PIN 解锁', 'Enter your 6-digit PIN'] },
  { name: 'recover', door: 'recovery_needed', see: ['恢复密钥', 'Recovery key'] },
  { name: 'held', door: 'held_elsewhere', see: ['另一个程序正在使用这些数据', 'Another program'] },
  { name: 'damaged', door: 'damaged', see: ['请勿删除数据目录', 'Do not delete'] },
  { name: 'full', door: 'device_full', see: ['存储空间已满', 'device is full'] },
  { name: 'today', path: 'today', see: ['先做这些', 'Do these first'], axe: true },
  { name: 'cases', path: 'cases', see: ['示例餐饮店', 'Micro business'], axe: true },
  { name: 'leads', path: 'leads', see: ['示例家园一期', 'Handed over'] },
  { name: 'case', path: `record/${CASE}`, see: ['费用对接', 'Fee talk'], axe: true },
  { name: 'lead', path: `record/${LEAD}`, see: ['首次联系', 'First contact'] },
  {
    name: 'part-materials',
    path: `record/${CASE}/part/materials`,
    see: ['开户行与开票资料', 'Bank and invoice'],
  },
  {
    name: 'part-design',
    path: `record/${CASE}/part/design`,
    see: ['户内管道安装', 'Who pays'],
    en: 'Payer',
  },
  {
    name: 'cost',
    path: `record/${CASE}/do/settle_fee`,
    see: ['同意并确认 7,140.00 元', 'Agree and confirm ¥ 7,140.00'],
    axe: true,
  },
  {
    name: 'intake',
    path: 'new/submit_demand',
    see: ['0 资料受理', 'No papers are asked for'],
    axe: true,
  },
  { name: 'convert', path: `record/${LEAD}/do/convert_lead`, see: ['谁要用气', 'Who'] },
  {
    name: 'tolerant',
    path: `record/${COURT}/do/accept_tolerant`,
    see: ['由公司代办', 'collected by the company'],
  },
  {
    name: 'survey',
    path: `record/${CASE}/do/complete_survey`,
    as: 'surveyor1',
    see: ['风险点', 'Risk'],
  },
  {
    name: 'budget',
    path: `record/${CASE}/do/issue_budget`,
    as: 'estimator1',
    see: ['添加明细', 'Add: Lines'],
  },
  {
    name: 'design',
    path: `record/${CASE}/do/issue_design`,
    as: 'designer1',
    see: ['管线间距', 'Clearances'],
  },
  {
    name: 'contract',
    path: `record/${CASE}/do/sign_contract`,
    see: ['合同编号', 'Contract number'],
  },
  {
    name: 'gas-on',
    path: `record/${FLAT}/do/turn_gas_on`,
    as: 'ignition_operator1',
    see: ['闻到燃气味', 'If you smell gas'],
  },
  {
    name: 'decide',
    path: `record/${COURT}/do/decide`,
    as: 'cm_lead1',
    see: ['用户另约日期', 'Customer asks another date'],
  },
  {
    name: 'consent',
    path: `record/${LEAD}/do/convert_lead`,
    see: ['处理者', 'Your rights'],
  },
  {
    name: 'schedule',
    path: `record/${CANTEEN}`,
    see: ['顺延 10 天', '10 days later'],
    axe: true,
  },
  {
    name: 'part-construction',
    path: `record/${CANTEEN}/part/construction`,
    see: ['用户工程', 'Gas works'],
  },
  {
    name: 'archive',
    path: `record/${CASE}`,
    as: 'archivist1',
    see: ['导出归档包', 'Export package'],
    axe: true,
  },
  {
    name: 'audit',
    path: 'audit',
    as: 'audit_admin1',
    net: 'online',
    see: ['查看完整信息', 'Show in full'],
    axe: true,
  },
  {
    name: 'audit-offline',
    path: 'audit',
    as: 'audit_admin1',
    see: ['需要联网', 'A network is needed'],
  },
  {
    name: 'retention',
    path: 'retention',
    as: 'sec_admin1',
    net: 'online',
    see: ['今晚删除', 'Tonight'],
    axe: true,
  },
  {
    name: 'retention-offline',
    path: 'retention',
    as: 'sec_admin1',
    see: ['需要联网', 'A network is needed'],
  },
  {
    name: 'pi-requests',
    path: 'list/pi_request',
    as: 'service_lead1',
    see: ['李**', '李**'],
  },
  {
    name: 'pi-request',
    path: `record/${REQUEST}`,
    as: 'service_lead1',
    see: ['个人信息请求', 'Show'],
    axe: true,
  },
  { name: 'lead-rail', path: 'cases', as: 'cm_lead1', see: ['案件', 'Cases'] },
  { name: 'sync', path: 'sync', see: ['上次成功同步', 'Last successful sync'], axe: true },
  {
    name: 'attention',
    path: 'attention',
    see: ['图纸或预算已有新版本', 'newer drawing or budget'],
    axe: true,
  },
  { name: 'admin', path: 'admin', as: 'sys_admin1', see: ['新增人员', 'New person'], axe: true },
  { name: 'settings', path: 'settings', see: ['握笔的手', 'Hand'], axe: true },
]

/** The ways in which every screen is looked at. */
export const LOOKS = [
  {
    name: 'tablet-zh-light',
    width: 1280,
    height: 800,
    language: 'zh-CN',
    theme: 'light',
    layout: 'tablet',
  },
  {
    name: 'tablet-en-outdoor',
    width: 1280,
    height: 800,
    language: 'en',
    theme: 'outdoor',
    layout: 'tablet',
  },
  {
    name: 'portrait-zh-outdoor',
    width: 800,
    height: 1280,
    language: 'zh-CN',
    theme: 'outdoor',
    layout: 'tablet',
  },
  {
    name: 'office-zh-light',
    width: 1440,
    height: 900,
    language: 'zh-CN',
    theme: 'light',
    layout: 'office',
  },
  {
    name: 'office-en-dark',
    width: 1440,
    height: 900,
    language: 'en',
    theme: 'dark',
    layout: 'office',
  },
]
