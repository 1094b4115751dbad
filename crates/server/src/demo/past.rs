//! Connections of the months gone by, so that indicators have a past; some of
//! them were late.

use lantian_domain::case::Channel::{
    BusinessHall, GovPortal, Hotline, LantianApp, OnSite, WechatOa, Zaidexinzheng,
};

use super::{
    cast::{D, Row},
    story::{
        Deed::{Archive, Ignite},
        Kind::{Diner, Home},
    },
};

/// What was finished in the last ten months.
// One row a line: it is a table.
#[rustfmt::skip]
pub(super) const PAST: &[Row] = &[
    (Archive, 16 * D, 1, GovPortal, Home, "蒋建国", "蒋建国", "新郑市新村镇示例路39号"),
    (Archive, 18 * D, 2, BusinessHall, Home, "唐海涛", "唐海涛", "新郑市新烟街道示例路11号"),
    (Archive, 24 * D, 2, GovPortal, Home, "杜志强", "杜志强", "新郑市孟庄镇示例路39号"),
    (Archive, 38 * D, 2, Hotline, Diner, "示例叶记餐厅", "叶秀兰", "新郑市新村镇示例路5号"),
    (Archive, 56 * D, 1, OnSite, Home, "董玉珍", "董玉珍", "新郑市人民路街道示例路25号"),
    (Archive, 57 * D, 2, Zaidexinzheng, Home, "韩秀兰", "韩秀兰", "新郑市新村镇示例路21号"),
    (Ignite, 71 * D, 2, GovPortal, Diner, "示例罗记面馆", "罗秀兰", "新郑市和庄镇示例路28号"),
    (Ignite, 77 * D, 2, OnSite, Home, "杜秀兰", "杜秀兰", "新郑市和庄镇示例路38号"),
    (Archive, 85 * D, 2, WechatOa, Diner, "示例曾记火锅", "曾玉珍", "新郑市人民路街道示例路39号"),
    (Archive, 100 * D, 2, Hotline, Home, "何红梅", "何红梅", "新郑市新华路街道示例路43号"),
    (Archive, 102 * D, 1, BusinessHall, Diner, "示例萧记火锅", "萧德明", "新郑市新建路街道示例路3号"),
    (Ignite, 117 * D, 2, LantianApp, Home, "邓金生", "邓金生", "新郑市新华路街道示例路10号"),
    (Archive, 142 * D, 1, Zaidexinzheng, Home, "袁秀兰", "袁秀兰", "新郑市薛店镇示例路30号"),
    (Archive, 146 * D, 1, LantianApp, Home, "于海涛", "于海涛", "新郑市新烟街道示例路24号"),
    (Archive, 147 * D, 1, OnSite, Diner, "示例许记面馆", "许志强", "新郑市郭店镇示例路44号"),
    (Archive, 165 * D, 1, Zaidexinzheng, Diner, "示例梁记饭店", "梁志强", "新郑市新烟街道示例路36号"),
    (Ignite, 176 * D, 2, OnSite, Home, "潘玉珍", "潘玉珍", "新郑市龙湖镇示例路31号"),
    (Archive, 201 * D, 1, GovPortal, Home, "萧秀兰", "萧秀兰", "新郑市人民路街道示例路42号"),
    (Archive, 206 * D, 1, WechatOa, Home, "董志强", "董志强", "新郑市孟庄镇示例路23号"),
    (Archive, 221 * D, 1, OnSite, Home, "于秀兰", "于秀兰", "新郑市新建路街道示例路41号"),
    (Archive, 225 * D, 1, LantianApp, Home, "唐德明", "唐德明", "新郑市新华路街道示例路24号"),
    (Archive, 250 * D, 2, WechatOa, Diner, "示例袁记饭店", "袁春燕", "新郑市人民路街道示例路32号"),
    (Archive, 267 * D, 2, BusinessHall, Home, "袁雪梅", "袁雪梅", "新郑市薛店镇示例路35号"),
    (Archive, 291 * D, 2, Zaidexinzheng, Diner, "示例于记小馆", "于建国", "新郑市和庄镇示例路21号"),
    (Archive, 295 * D, 2, BusinessHall, Home, "曾金生", "曾金生", "新郑市郭店镇示例路36号"),
];
