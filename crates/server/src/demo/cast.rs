//! Who appears in the demonstration: leads and cases of the city, all made
//! up, with what has become of them and how long ago.

use lantian_domain::{
    case::Channel::{
        self, BusinessHall, GovHall, GovPortal, Hotline, LantianApp, Lead, OnSite, WechatOa,
        Zaidexinzheng,
    },
    ids::RecordId,
};
use uuid::Uuid;

use super::{
    past::PAST,
    story::{
        Deed::{
            self, Accept, AgreeEnd, AgreePause, AgreeRefusal, Apply, Archive, Arrange,
            AskCorrection, AskEnd, AskTech, Begin, Blocked, Call, ClosedDoor, Confirm, Contract,
            Declare, Dig, Dispute, DraftPermit, Draw, Empower, Estimate, Fail, FilePermit, GiveUp,
            GrantPermit, GroupPermits, Hand, HandOver, Ignite, Lay, LetOutBudget, LetOutDrawing,
            NoDemand, Pass, Pressure, Push, Reach, Reassign, Refuse, RefusePermit, RestoreRoad,
            ReviewPermit, Settle, Site, SpecialPermit, Submit, Survey, Talk, Tolerate, Withdraw,
        },
        Kind::{self, Boiler, Diner, Estate, Factory, Home, Hospital, Hotel, School},
        Story,
    },
};

/// Last deed, minutes ago, manager, origin, kind, name, contact, address.
pub(super) type Row = (Deed, i64, u8, Channel, Kind, &'static str, &'static str, &'static str);

const H: i64 = 60;
/// A day, minutes.
pub(super) const D: i64 = 24 * H;

/// Leads that are leads still.
// One row a line: it is a table.
#[rustfmt::skip]
const LEADS: &[Row] = &[
    (Push, 50, 1, Lead, Estate, "轩辕湖示例花园二期", "示例置业有限公司", "新郑市轩辕路与溱水路交叉口东北角"),
    (Push, 5 * H, 1, Lead, School, "新郑市示例第三小学扩建", "示例教育投资有限公司", "新郑市玉前路38号"),
    (Push, 21 * H, 2, Lead, Factory, "示例食品冷链加工园", "示例食品集团有限公司", "新郑市薛店镇友谊路与莲花路交叉口"),
    (Push, 27 * H, 2, Lead, Hotel, "示例河畔酒店改造", "示例酒店管理有限公司", "新郑市洧水路19号"),
    (HandOver, 2 * H, 1, Lead, Estate, "双湖示例家园一期", "示例双湖置业有限公司", "新郑市龙湖镇双湖大道与祥和路交叉口"),
    (HandOver, 21 * H + 30, 1, Lead, Hospital, "新郑市示例康复医院", "示例医疗投资有限公司", "新郑市中兴路与文化路交叉口西南角"),
    (HandOver, 26 * H, 1, Lead, Factory, "示例包装材料厂房", "示例包装有限公司", "新郑市和庄镇神州路88号"),
    (HandOver, 4 * H, 2, Lead, Estate, "郑韩示例府邸", "示例郑韩房地产有限公司", "新郑市郑韩路与金城路交叉口"),
    (HandOver, 20 * H, 2, Lead, Boiler, "示例供热站煤改气", "示例热力有限公司", "新郑市人民路西段热力站"),
    (Call, 3 * H, 1, Lead, Estate, "溱水示例雅苑三期", "示例雅苑置业有限公司", "新郑市溱水路南段"),
    (Call, 19 * H, 2, Lead, Factory, "示例枣制品深加工项目", "示例枣业有限公司", "新郑市孟庄镇枣乡路6号"),
    (Reach, 4 * H, 1, Lead, School, "新郑市示例实验中学", "示例实验教育集团", "新郑市文化路与学府街交叉口"),
    (Reach, 26 * H, 1, Lead, Estate, "黄水示例新城A区", "示例新城开发有限公司", "新郑市黄水路与新烟街交叉口"),
    (Reach, 3 * D, 1, Lead, Hotel, "示例古城客栈", "示例文旅发展有限公司", "新郑市阁老路12号"),
    (Reach, 6 * H, 2, Lead, Factory, "示例电子装配车间", "示例电子科技有限公司", "新郑市郭店镇创业大道21号"),
    (Reach, 2 * D, 2, Lead, Estate, "华南城示例公寓", "示例城投公寓有限公司", "新郑市龙湖镇华南大道东段"),
    (GiveUp, 5 * H, 1, Lead, Factory, "示例建材堆场综合楼", "示例建材有限公司", "新郑市新村镇商贸路3号"),
    (NoDemand, 4 * D, 2, Lead, School, "示例幼儿园改建", "示例学前教育有限公司", "新郑市解放路54号"),
    (Reassign, 7 * H, 2, Lead, Estate, "薛店示例安置区", "示例安置建设有限公司", "新郑市薛店镇常刘路北侧"),
];

/// Cases of the tablets' people, in the order of the life cycle.
// One row a line: it is a table.
#[rustfmt::skip]
const CASES: &[Row] = &[
    (Submit, H, 1, WechatOa, Home, "李春梅", "李春梅", "新郑市新华路街道洧水路26号院3号楼2单元501"),
    (Submit, 20 * H + 40, 1, GovPortal, Diner, "老街烩面馆", "王师傅", "新郑市中华路示例步行街18号"),
    (Submit, 26 * H, 1, Hotline, Home, "赵文博", "赵文博", "新郑市新烟街道示例小区7号楼1单元302"),
    (Submit, 3 * H, 2, LantianApp, Home, "钱桂兰", "钱桂兰", "新郑市新建路街道郑韩路示例家属院2号楼403"),
    (Submit, 22 * H, 2, GovHall, Diner, "示例小厨", "孙女士", "新郑市龙湖镇祥云路示例商业街6号"),
    (Refuse, 2 * H, 1, OnSite, Diner, "示例烧烤大排档", "周老板", "新郑市新村镇吴庄示例路口"),
    (AgreeRefusal, 5 * D, 2, Hotline, Home, "吴建设", "吴建设", "新郑市和庄镇示例村临时建筑"),
    (Tolerate, 2 * D, 1, WechatOa, Home, "郑玉霞", "郑玉霞", "新郑市人民路街道示例花园12号楼1单元1101"),
    (Tolerate, 6 * D, 1, Zaidexinzheng, Diner, "示例羊肉汤馆", "冯师傅", "新郑市玉前路示例美食城A12"),
    (Tolerate, 11 * D, 1, OnSite, Home, "陈国庆", "陈国庆", "新郑市新华路街道示例胡同9号"),
    (Tolerate, 3 * D, 2, GovPortal, Diner, "示例早餐工坊", "褚女士", "新郑市文化路示例菜市场东门"),
    (Accept, 5 * H, 1, Lead, Estate, "轩辕湖示例花园一期", "示例置业有限公司", "新郑市轩辕路与玉前路交叉口"),
    (Accept, 2 * D, 2, Lead, School, "新郑市示例第二小学", "示例第二小学基建办", "新郑市学府街7号"),
    (AskTech, H, 1, OnSite, Diner, "示例川味火锅", "卫经理", "新郑市中兴路示例广场3楼"),
    (AskTech, 3 * H + 20, 2, Lead, Factory, "示例门窗制造厂", "示例门窗有限公司", "新郑市薛店镇工业二路15号"),
    (Blocked, D, 1, Lead, Estate, "新村示例佳苑", "示例佳苑置业有限公司", "新郑市新村镇商贸路与吴庄路交叉口"),
    (Pressure, 3 * H, 1, WechatOa, Home, "蒋秀英", "蒋秀英", "新郑市新建路街道示例路45号院1号楼201"),
    (Pressure, 20 * H, 1, Lead, Hotel, "示例郑韩大酒店", "示例酒店集团", "新郑市金城路66号"),
    (Pressure, 50 * H, 2, OnSite, Diner, "示例蛋糕房", "沈女士", "新郑市龙湖镇双湖大道示例中心一层"),
    (Survey, 2 * H, 1, GovPortal, Diner, "示例水煎包铺", "韩师傅", "新郑市解放路101号"),
    (Survey, 6 * H, 2, Lead, Estate, "双湖示例云邸", "示例云邸置业有限公司", "新郑市龙湖镇祥和路南侧"),
    (Draw, 2 * H, 1, Lead, Hospital, "新郑市示例中医院门诊楼", "示例中医院基建科", "新郑市中兴路28号"),
    (Draw, 4 * H, 2, BusinessHall, Home, "杨立新", "杨立新", "新郑市新烟街道示例苑5号楼2单元602"),
    (LetOutDrawing, 3 * H, 1, Lead, Factory, "示例饮料灌装线", "示例饮品有限公司", "新郑市郭店镇示例大道9号"),
    (Estimate, H, 2, OnSite, Diner, "示例麻辣烫", "朱女士", "新郑市人民路示例夜市8号"),
    (LetOutBudget, 2 * H, 1, WechatOa, Home, "秦桂芳", "秦桂芳", "新郑市新华路街道示例里3号楼4单元102"),
    (LetOutBudget, 22 * H, 1, GovPortal, Diner, "示例清真饭庄", "尤经理", "新郑市洧水路示例街区2号"),
    (LetOutBudget, 27 * H, 1, Lead, Estate, "溱水示例雅苑一期", "示例雅苑置业有限公司", "新郑市溱水路与人民路交叉口"),
    (LetOutBudget, 5 * D, 1, OnSite, Home, "许志明", "许志明", "新郑市新建路街道示例坊11号"),
    (LetOutBudget, 3 * H, 2, Lead, Factory, "示例汽配机加工车间", "示例汽配有限公司", "新郑市和庄镇示例工业园C区"),
    (LetOutBudget, 4 * D, 2, Hotline, Home, "何丽华", "何丽华", "新郑市龙湖镇示例社区9号楼1单元801"),
    (Talk, 2 * H, 1, OnSite, Diner, "示例粥铺", "吕师傅", "新郑市文化路33号"),
    (Talk, 5 * H, 2, Lead, School, "新郑市示例高级中学食堂", "示例高级中学总务处", "新郑市学府街与文化路交叉口"),
    (Dispute, 20 * H, 1, Lead, Hotel, "示例商务宾馆", "示例宾馆有限公司", "新郑市新华路120号"),
    (Settle, 3 * H, 1, WechatOa, Home, "施小燕", "施小燕", "新郑市人民路街道示例佳园6号楼3单元703"),
    (Settle, 26 * H, 1, Lead, Factory, "示例烘焙食品厂", "示例烘焙有限公司", "新郑市薛店镇食品一路4号"),
    (Contract, 5 * H, 2, GovPortal, Diner, "示例牛肉面", "张师傅", "新郑市中华路77号"),
    (Hand, 4 * H, 1, Lead, Estate, "黄水示例新城B区", "示例新城开发有限公司", "新郑市黄水路与溱水路交叉口"),
    (Hand, D, 2, OnSite, Home, "孔祥云", "孔祥云", "新郑市新烟街道示例巷17号"),
    (FilePermit, 2 * D, 1, Lead, Factory, "示例纸业锅炉房", "示例纸业有限公司", "新郑市新村镇工业路1号"),
    (DraftPermit, D, 2, Lead, Estate, "郑韩示例锦园", "示例锦园置业有限公司", "新郑市郑韩路与玉前路交叉口"),
    (GroupPermits, 5 * H, 1, Lead, Hotel, "示例会议中心宾馆", "示例会展有限公司", "新郑市中兴路与玉前路交叉口"),
    (AskCorrection, 6 * H, 1, Lead, School, "新郑市示例第五小学", "示例第五小学基建办", "新郑市文化路南段"),
    (ReviewPermit, 3 * D, 2, Lead, Factory, "示例枣乡食品二车间", "示例枣乡食品有限公司", "新郑市孟庄镇枣乡路16号"),
    (SpecialPermit, 2 * D, 1, Lead, Hospital, "新郑市示例第三医院", "示例第三医院基建科", "新郑市新烟街与人民路交叉口"),
    (RefusePermit, D, 2, Lead, Estate, "洧水示例花园", "示例洧水置业有限公司", "新郑市洧水路与新华路交叉口"),
    (GrantPermit, 8 * H, 1, Lead, Factory, "示例净水设备厂", "示例净水设备有限公司", "新郑市新村镇工业路21号"),
    (RestoreRoad, 5 * H, 2, Lead, Estate, "双湖示例春晓", "示例春晓置业有限公司", "新郑市龙湖镇祥和路北侧"),
    (Empower, 4 * H, 1, OnSite, Home, "孟淑珍", "孟淑珍", "新郑市新建路街道示例养老公寓3号楼102"),
    (Arrange, 6 * H, 1, WechatOa, Home, "曹桂珍", "曹桂珍", "新郑市新华路街道示例院4号楼1单元401"),
    (Site, 3 * H, 1, OnSite, Diner, "示例胡辣汤店", "严师傅", "新郑市玉前路56号"),
    (Begin, 26 * H, 2, GovPortal, Home, "华振国", "华振国", "新郑市龙湖镇示例新村22号"),
    (Lay, 2 * D, 1, Lead, Estate, "轩辕示例学府一期", "示例学府置业有限公司", "新郑市轩辕路与学府街交叉口"),
    (Dig, D, 2, Lead, Hospital, "新郑市示例妇幼保健站", "示例妇幼保健站", "新郑市中兴路南段"),
    (AgreePause, 3 * D, 1, Lead, School, "新郑市示例职业学校", "示例职业学校基建处", "新郑市新烟街东段"),
    (Declare, 2 * H, 1, WechatOa, Diner, "示例海鲜排档", "金老板", "新郑市洧水路88号"),
    (Confirm, 4 * H, 1, OnSite, Home, "魏淑芬", "魏淑芬", "新郑市新建路街道示例楼2号楼302"),
    (Confirm, 5 * H, 2, Lead, Factory, "示例服装厂熨烫车间", "示例服装有限公司", "新郑市和庄镇示例路12号"),
    (Apply, 3 * H, 1, GovPortal, Diner, "示例家常菜馆", "陶经理", "新郑市人民路199号"),
    (Apply, 20 * H, 1, Lead, Estate, "新华示例名邸", "示例名邸置业有限公司", "新郑市新华路与解放路交叉口"),
    (Apply, 25 * H, 2, WechatOa, Home, "姜玉兰", "姜玉兰", "新郑市龙湖镇示例园8号楼2单元1002"),
    (Pass, 2 * H, 1, OnSite, Home, "戚明亮", "戚明亮", "新郑市人民路街道示例居7号楼502"),
    (Fail, 5 * H, 2, Lead, Hotel, "示例温泉度假酒店", "示例温泉旅游有限公司", "新郑市具茨山示例路1号"),
    (ClosedDoor, 4 * H, 1, WechatOa, Home, "谢春生", "谢春生", "新郑市新烟街道示例轩3号楼1单元201"),
    (Ignite, 3 * H, 1, GovPortal, Diner, "示例饺子馆", "邹师傅", "新郑市中兴路示例里9号"),
    (Ignite, 2 * D, 1, WechatOa, Home, "喻桂花", "喻桂花", "新郑市新华路街道示例家园1号楼103"),
    (Ignite, 6 * D, 2, Lead, Factory, "示例调味品厂", "示例调味品有限公司", "新郑市薛店镇食品二路18号"),
    (Ignite, 9 * D, 2, OnSite, Home, "柏志远", "柏志远", "新郑市郭店镇示例街31号"),
    (Archive, 3 * D, 1, BusinessHall, Home, "水云飞", "水云飞", "新郑市新建路街道示例庭院5号"),
    (Archive, 12 * D, 2, GovPortal, Diner, "示例豆浆坊", "窦女士", "新郑市文化路示例市场2号"),
    (Withdraw, 3 * D, 1, Hotline, Home, "章建平", "章建平", "新郑市人民路街道示例新苑9号楼601"),
    (AskEnd, 4 * H, 2, Lead, Hotel, "示例假日酒店", "示例假日酒店有限公司", "新郑市金城路南段"),
    (AgreeEnd, 6 * D, 1, Lead, Factory, "示例陶瓷窑炉项目", "示例陶瓷有限公司", "新郑市新村镇示例园区7号"),
];

/// Every story.
pub(super) fn stories() -> Vec<Story> {
    (1..)
        .zip(LEADS.iter().chain(CASES).chain(PAST))
        .map(|(serial, row)| story(serial, row))
        .collect()
}

fn story(serial: u32, row: &Row) -> Story {
    let (until, age, manager, origin, kind, name, contact, address) = *row;
    Story {
        serial,
        until,
        age,
        manager: if manager == 1 { "manager1" } else { "manager2" },
        origin,
        kind,
        name,
        contact,
        address,
        lead: RecordId(Uuid::now_v7()),
        case: RecordId(Uuid::now_v7()),
    }
}
