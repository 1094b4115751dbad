//! Applications of users through outside systems, over HTTP.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lantian_domain::{
    case::{Case, Channel},
    clock::RuleId,
    ids::RecordId,
    record::{Record, RecordKind},
};
use lantian_server::{
    channel::{
        signature::{Algorithm, CLIENT, NONCE, SIGNATURE, Signed, TIMESTAMP, sign},
        webhook::deliver_due,
    },
    pipeline::find,
    store::Ledger as _,
};
use proptest::{
    prelude::{Strategy as _, any},
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    company::Company,
    outside::{Outside, Receiver, Spoken, agreed, application},
    tablet::{Tablet, fresh},
};

const MINUTE_MS: i64 = 60_000;

fn cases(company: &Company) -> Vec<Case> {
    let store = &company.server.app().store;
    store
        .read_now(|unit| {
            let ids = unit.records_of(RecordKind::Case)?;
            let mut all = Vec::new();
            for id in ids {
                if let Some(Record::Case(case)) = find(unit, id)? {
                    all.push(*case);
                }
            }
            Ok(all)
        })
        .unwrap()
}

#[tokio::test]
async fn r_06_three_online_channels_feed_one_queue_and_a_serial_is_one_case() {
    let company = Company::open().await;
    // The official account, the portal, and 咱的新郑; 新郑蓝天 is a code of its own.
    let codes = ["wechat_oa", "gov_portal", "zaidexinzheng_app", "lantian_app"];
    let mut numbers = BTreeSet::new();
    for (n, code) in codes.iter().enumerate() {
        let outside = Outside::of(&company, &agreed(code));
        let asked = application(code, "JB-20261123-000123");
        let reply = outside.done(&company, "applications", &asked).await;
        assert_eq!(reply["data"]["state"], "submitted");
        assert_eq!(cases(&company).len(), n + 1);
        let again = outside.done(&company, "applications", &asked).await;
        assert_eq!((&again["duplicate"], &again["data"]), (&json!(true), &reply["data"]));
        assert_eq!(cases(&company).len(), n + 1, "the same serial again gives none");
        numbers.insert(reply["data"]["case_no"].as_str().unwrap().to_owned());
    }
    let all = cases(&company);
    let channels: BTreeSet<&str> = all.iter().map(|case| case.channel.as_str()).collect();
    assert_eq!(channels, codes.into());
    assert_eq!(numbers.len(), 4);
    assert!(all.iter().all(|case| case.state.as_str() == "submitted"));
}

#[tokio::test]
async fn an_application_is_taken_whole_and_answered_with_its_clock() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("gov_portal"));
    let mut asked = application("gov_portal", "JB-1");
    asked["submitted_at"] = json!("2026-03-02T08:55:09+08:00");
    let reply = outside.done(&company, "applications", &asked).await;
    assert_eq!(reply["data"]["due_at"], "2026-03-03T08:55:09.000+08:00", "D-08 from submission");
    let all = cases(&company);
    let case = &all[0];
    assert_eq!(case.basic.contact_name.as_deref(), Some("张三"));
    assert_eq!(case.intake.appliances[0].rate_m3h.unwrap().to_string(), "4.500");
    let said = case.intake.outside.as_ref().unwrap();
    assert_eq!(said.system.as_deref(), Some("新郑市一窗受理平台"));
    assert_eq!(said.raw.keys().collect::<Vec<_>>(), ["somethingElse"]);
    let stored = serde_json::to_string(case).unwrap();
    assert!(!stored.contains("11010519491231002X"), "P-03: no identity number in the record");
    let d08 = case.clocks.iter().find(|clock| clock.rule == RuleId::D08).unwrap();
    assert_eq!(d08.person, case.responsible(), "shared out by rule at once");
    assert!(case.responsible().is_some());
    let copies = std::fs::read_dir(company.config.data.join("intake")).unwrap();
    for copy in copies {
        let sealed = std::fs::read(copy.unwrap().path()).unwrap();
        assert!(!sealed.windows(11).any(|part| part == b"13800000000"), "archived encrypted");
    }
}

#[tokio::test]
async fn camel_case_of_the_older_interface_is_read_too() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("gov_portal"));
    let asked = json!({
        "serialId": "OLD-1", "outsideSystemName": "一窗", "installType": "residential_scattered",
        "linkMan": "李四", "phone": "0371-62690000", "address": "新郑市新华路1号院2号楼301",
        "accountId": "A-1", "cityNo": "410184", "consNo": "",
        "deviceList": [{"deviceName": "家用灶", "normalGasRate": "0.4", "quantity": 1}],
        "fileIdList": [], "consent": {"textVersion": "PI-2026-1", "at": "2026-03-02T08:50:00+08:00"},
    });
    outside.done(&company, "applications", &asked).await;
    let all = cases(&company);
    assert_eq!(all[0].basic.name, "李四");
    assert_eq!(all[0].external_serial.as_deref(), Some("OLD-1"));
    assert_eq!(all[0].intake.appliances[0].name, "家用灶");
}

#[tokio::test]
async fn what_is_missing_is_told_field_by_field_and_creates_nothing() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("wechat_oa"));
    let (status, reply) = outside.call(&company, "applications", &json!({})).await;
    assert_eq!((status, &reply["errcode"]), (400, &json!("4001")));
    let named: BTreeSet<&str> = reply["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["field"].as_str().unwrap())
        .collect();
    let wanted = ["serial_id", "install_type", "link_man", "phone", "address", "consent"];
    assert_eq!(named, wanted.into());
    for (field, value) in [
        ("phone", json!("123")),
        ("uscc", json!("91350211M0000XUF46")),
        ("city_no", json!("410100")),
        ("channel", json!("gov_portal")),
        ("submitted_at", json!("2026-03-02T10:00:00+08:00")),
        ("submitted_at", json!("2025-03-02T10:00:00+08:00")),
        ("devices", json!([{"device_name": "灶", "quantity": 0}])),
        ("file_ids", json!([Uuid::nil()])),
        ("consent", json!({"text_version": ""})),
        ("kind", json!("other")),
        ("address", json!("新")),
    ] {
        let mut asked = application("wechat_oa", "JB-1");
        asked[field] = value;
        let (status, reply) = outside.call(&company, "applications", &asked).await;
        assert_eq!((status, &reply["errcode"]), (400, &json!("4001")), "{field}: {reply}");
        assert_eq!(reply["fields"][0]["field"], field, "{reply}");
    }
    assert_eq!(cases(&company).len(), 0);
}

#[tokio::test]
async fn a_forged_or_stale_or_replayed_request_creates_nothing() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("gov_portal"));
    let other = Outside::of(&company, &agreed("lantian_app"));
    let now = company.clock.now();
    let body = serde_json::to_vec(&application("gov_portal", "JB-1")).unwrap();
    let at = now.to_string();
    let path = outside.path("applications");
    let signature = |secret: &str, nonce: &str| {
        let what = Signed { method: "POST", path: &path, timestamp: &at, nonce, body: &body };
        sign(Algorithm::Sha256, secret.as_bytes(), &what)
    };
    let nonce = "0123456789abcdef";
    let good = signature(&outside.secret, nonce);
    let headers = |client, nonce, signature| {
        [(CLIENT, client), (TIMESTAMP, at.as_str()), (NONCE, nonce), (SIGNATURE, signature)]
    };
    let wrong = signature(&other.secret, nonce);
    let forged: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        headers(&outside.id, nonce, &wrong).into(),
        headers("nobody", nonce, &good).into(),
        headers(&other.id, nonce, &good).into(),
        headers(&outside.id, "another-nonce-0001", &good).into(),
        headers(&outside.id, "short", &good).into(),
        headers(&outside.id, nonce, "").into(),
    ];
    for headers in &forged {
        let (status, reply) = outside.post(&path, body.clone(), headers).await;
        assert_eq!((status, &reply["errcode"]), (401, &json!("4011")), "{headers:?}");
    }
    let mut changed = body.clone();
    *changed.last_mut().unwrap() = b' ';
    let (_, reply) = outside.post(&path, changed, &headers(&outside.id, nonce, &good)).await;
    assert_eq!(reply["errcode"], "4011");
    for off in [-5 * MINUTE_MS - 1, 5 * MINUTE_MS + 1] {
        let at = now.plus_ms(off).to_string();
        let (_, reply) = outside.send("applications", body.clone(), &at, nonce).await;
        assert_eq!(reply["errcode"], "4012");
    }
    // The door of another channel.
    let stranger = Outside { channel: "wechat_oa".to_owned(), ..outside };
    let (status, reply) = stranger.send("applications", body.clone(), &at, nonce).await;
    assert_eq!((status, &reply["errcode"]), (403, &json!("4031")));
    assert_eq!(cases(&company).len(), 0);

    let outside = Outside { channel: "gov_portal".to_owned(), ..stranger };
    let (status, _) = outside.send("applications", body.clone(), &at, nonce).await;
    assert_eq!(status, 200);
    let (status, reply) = outside.send("applications", body.clone(), &at, nonce).await;
    assert_eq!((status, &reply["errcode"]), (401, &json!("4013")), "replayed");
    let company = company.restart().await;
    let outside = Outside { url: company.server.url(), ..outside };
    let (_, reply) = outside.send("applications", body, &at, nonce).await;
    assert_eq!(reply["errcode"], "4013", "a server that starts anew knows the number too");
    assert_eq!(cases(&company).len(), 1);
}

#[tokio::test]
async fn a_serial_sent_in_parallel_is_exactly_one_case() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("zaidexinzheng_app"));
    let asked = application("zaidexinzheng_app", "JB-1");
    let calls = (0..16).map(|_| outside.call(&company, "applications", &asked));
    let replies = futures_util::future::join_all(calls).await;
    let fresh = replies.iter().filter(|(_, reply)| reply["duplicate"].is_null()).count();
    assert!(replies.iter().all(|(status, _)| *status == 200));
    assert_eq!((fresh, cases(&company).len()), (1, 1));
}

#[tokio::test]
async fn too_large_too_often_and_from_elsewhere_are_refused() {
    let company = Company::open().await;
    let few = lantian_protocol::channel::NewChannel { per_minute: Some(3), ..agreed("wechat_oa") };
    let outside = Outside::of(&company, &few);
    let at = company.clock.now().to_string();
    let (status, reply) =
        outside.send("applications", vec![b' '; (256 << 10) + 1], &at, "0123456789abcdef").await;
    assert_eq!((status, &reply["errcode"]), (413, &json!("4131")));
    let ask = json!({"case_no": "X"});
    for _ in 0..3 {
        assert_eq!(outside.call(&company, "status", &ask).await.0, 404);
    }
    assert_eq!(outside.call(&company, "status", &ask).await.1["errcode"], "4291");
    company.clock.advance_ms(MINUTE_MS);
    assert_eq!(outside.call(&company, "status", &ask).await.0, 404);

    let far = lantian_protocol::channel::NewChannel {
        addresses: vec!["10.1.2.3".to_owned()],
        ..agreed("lantian_app")
    };
    let outside = Outside::of(&company, &far);
    assert_eq!(outside.call(&company, "status", &ask).await.1["errcode"], "4031");
}

#[tokio::test]
async fn papers_go_to_the_case_that_names_them() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("gov_portal"));
    let paper = json!({"file_name": "营业执照.pdf", "content": STANDARD.encode("%PDF-1.7 执照")});
    let kept = outside.done(&company, "files", &paper).await;
    let id = kept["data"]["file_id"].clone();
    let refused = json!({"file_name": "a.svg", "content": STANDARD.encode("<svg>")});
    let (status, reply) = outside.call(&company, "files", &refused).await;
    assert_eq!((status, &reply["errcode"]), (415, &json!("4151")));
    let mut asked = application("gov_portal", "JB-1");
    asked["file_ids"] = json!([id]);
    outside.done(&company, "applications", &asked).await;
    let all = cases(&company);
    assert_eq!(all[0].files[0].name, "营业执照.pdf");
    asked["serial_id"] = json!("JB-2");
    let (_, reply) = outside.call(&company, "applications", &asked).await;
    assert_eq!(reply["fields"][0]["field"], "file_ids", "a paper is one case's");
    let other = Outside::of(&company, &agreed("wechat_oa"));
    asked["channel"] = json!("wechat_oa");
    let (_, reply) = other.call(&company, "applications", &asked).await;
    assert_eq!(reply["fields"][0]["field"], "file_ids", "and one client's");
}

#[tokio::test]
async fn an_account_lists_its_own_cases_masked_and_nobody_elses() {
    let company = Company::open().await;
    let outside = Outside::of(&company, &agreed("gov_portal"));
    let register = json!({"idNo": "11010519491231002x"});
    let account = outside.done(&company, "accounts", &register).await["data"].clone();
    let again = outside.done(&company, "accounts", &register).await;
    assert_eq!((&again["data"], &again["duplicate"]), (&account, &json!(true)));
    let wrong = json!({"id_no": "110105194912310021"});
    assert_eq!(outside.call(&company, "accounts", &wrong).await.1["errcode"], "4001");
    let mut asked = application("gov_portal", "JB-1");
    asked["account_id"] = account["account_id"].clone();
    let taken = outside.done(&company, "applications", &asked).await;
    let list = outside.done(&company, "list", &account).await;
    let told = &list["data"][0];
    assert_eq!(told["case_no"], taken["data"]["case_no"]);
    assert_eq!((&told["applicant"], &told["phone"]), (&json!("示***"), &json!("138****0000")));
    assert_eq!(told["steps"][0]["step"], "case_submitted");
    assert!(told["next_step"].is_string() && told["due_at"].is_string());
    let other = Outside::of(&company, &agreed("wechat_oa"));
    let list = other.done(&company, "list", &account).await;
    assert_eq!(list["data"], json!([]));
    let ask = json!({"case_no": taken["data"]["case_no"]});
    assert_eq!(other.call(&company, "status", &ask).await.1["errcode"], "4041");
    let rating = json!({"serial_id": "PJ-1", "case_no": taken["data"]["case_no"], "stars": 2});
    let rated = outside.done(&company, "ratings", &rating).await;
    assert_eq!(rated["data"]["stars"], 2);
    assert_eq!(outside.done(&company, "ratings", &rating).await["duplicate"], true);
    assert_eq!(other.call(&company, "ratings", &rating).await.0, 400);
    let six = json!({"serial_id": "PJ-2", "case_no": taken["data"]["case_no"], "stars": 6});
    assert_eq!(outside.call(&company, "ratings", &six).await.1["fields"][0]["field"], "stars");
}

/// A case whose manager has accepted it, and its outside system.
async fn accepted(company: &Company, receiver: &Receiver) -> (Outside, RecordId) {
    let told = lantian_protocol::channel::NewChannel {
        webhook: Some(receiver.url.clone()),
        algorithm: Some("hmac-sm3".to_owned()),
        ..agreed("gov_portal")
    };
    let outside = Outside::of(company, &told);
    outside.done(company, "applications", &application("gov_portal", "JB-1")).await;
    let case = cases(company).remove(0);
    let login = if case.responsible() == Some(company.person("manager1").user()) {
        "manager1"
    } else {
        "manager2"
    };
    let mut manager = Tablet::of(company, login).await;
    for code in ["MT03", "MT04", "MT05", "MT12", "MT13", "MT16", "MT18", "MT23"] {
        let came = json!({
            "type": "receive_material", "code": code, "source": "gov_share", "doc_no": "77",
            "query_receipt": "CX-77",
        });
        manager.give(case.id, came).await;
    }
    manager.give(case.id, json!({"type": "accept_case"})).await;
    (outside, case.id)
}

#[tokio::test]
async fn an_outside_system_is_told_of_changes_signed_and_without_personal_data() {
    let company = Company::open().await;
    let receiver = Receiver::listen(Vec::new()).await;
    let (outside, _) = accepted(&company, &receiver).await;
    deliver_due(company.server.app()).await.unwrap();
    let heard = receiver.heard();
    assert_eq!(heard.len(), 1, "told once");
    let text = |name| heard[0].headers[name].to_str().unwrap();
    let signed = Signed {
        method: "POST",
        path: "/told",
        timestamp: text(TIMESTAMP),
        nonce: text(NONCE),
        body: &heard[0].body,
    };
    assert_eq!(text(SIGNATURE), sign(Algorithm::Sm3, outside.secret.as_bytes(), &signed));
    let body = &receiver.bodies()[0];
    assert_eq!((&body["event"], &body["serial_id"]), (&json!("case_accepted"), &json!("JB-1")));
    let plain = String::from_utf8(heard[0].body.to_vec()).unwrap();
    for canary in ["张三", "示例餐饮店", "13800000000", "示例街"] {
        assert!(!plain.contains(canary), "{canary}");
    }
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_as_agreed_and_given_up_after_five_days() {
    let company = Company::open().await;
    let ok = |text: &str| Spoken(200, Vec::new(), text.to_owned());
    let receiver = Receiver::listen(vec![
        Spoken(503, vec![("retry-after", "600".to_owned())], String::new()),
        ok("<html>请登录</html>"),
        ok(r#"{"errcode":"5000"}"#),
        Spoken(302, vec![("location", "/elsewhere".to_owned())], String::new()),
    ])
    .await;
    for _ in 0..60 {
        receiver.will_say(Spoken(500, Vec::new(), "x".repeat(200_000)));
    }
    accepted(&company, &receiver).await;
    let app = company.server.app();
    deliver_due(app).await.unwrap();
    assert_eq!(told(&company, "").await["items"][0]["result"], "http_503");
    company.clock.advance_ms(9 * MINUTE_MS);
    deliver_due(app).await.unwrap();
    assert_eq!(receiver.heard().len(), 1, "Retry-After is longer than the own wait");
    let steps =
        [(1, "answer_not_understood"), (5, "errcode_5000"), (15, "http_302"), (60, "http_500")];
    for (n, (wait, result)) in steps.into_iter().enumerate() {
        company.clock.advance_ms(wait * MINUTE_MS);
        deliver_due(app).await.unwrap();
        assert_eq!(receiver.heard().len(), n + 2, "{result}");
        assert_eq!(told(&company, "").await["items"][0]["result"], result);
    }
    let numbers: BTreeSet<String> =
        receiver.bodies().iter().map(|body| body["delivery_id"].to_string()).collect();
    assert_eq!(numbers.len(), 1, "a repeat is known by its number");
    for _ in 0..20 {
        company.clock.advance_ms(24 * 60 * MINUTE_MS);
        deliver_due(app).await.unwrap();
    }
    let dead = told(&company, "?state=dead").await;
    assert_eq!((&dead["dead"], &dead["waiting"]), (&json!(1), &json!(0)));
    let attempts = receiver.heard().len();
    company.clock.advance_ms(24 * 60 * MINUTE_MS);
    deliver_due(app).await.unwrap();
    assert_eq!(receiver.heard().len(), attempts, "given up");
    let id = dead["items"][0]["id"].as_str().unwrap();
    let admin = Tablet::of(&company, "sys1").await;
    let again = format!("{}/v1/admin/deliveries/{id}/resend", admin.url);
    let sent = admin.http.post(again).bearer_auth(&admin.me.tokens.access).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    deliver_due(app).await.unwrap();
    assert_eq!(receiver.heard().len(), attempts + 1, "sent again on demand");
}

/// What the administrator sees of deliveries, signed in just now.
async fn told(company: &Company, question: &str) -> Value {
    let admin = Tablet::of(company, "sys1").await;
    let path = format!("{}/v1/admin/deliveries{question}", admin.url);
    let answer = admin.http.get(path).bearer_auth(&admin.me.tokens.access).send().await.unwrap();
    answer.json().await.unwrap()
}

#[tokio::test]
async fn p_09_what_is_provided_to_government_is_logged_by_fields_with_its_basis() {
    let company = Company::open().await;
    let receiver = Receiver::listen(Vec::new()).await;
    let (outside, _) = accepted(&company, &receiver).await;
    deliver_due(company.server.app()).await.unwrap();
    outside.done(&company, "status", &json!({"case_no": "JB-1"})).await;
    let file = company.config.data.join(lantian_server::store::FILE);
    let store = rusqlite::Connection::open(file).unwrap();
    let mut find =
        store.prepare("SELECT detail FROM audit WHERE act = 'channel_told' ORDER BY n").unwrap();
    let told: Vec<Value> = find
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .map(|row| serde_json::from_str(&row.unwrap()).unwrap())
        .collect();
    let calls: Vec<&str> = told.iter().map(|row| row["call"].as_str().unwrap()).collect();
    assert_eq!(calls, ["application", "webhook", "status"]);
    for row in &told {
        assert_eq!(row["basis"], "新郑市一窗受理数据共享协议");
        assert!(!row.to_string().contains("138"), "names of fields, never their values");
    }
    let fields = told[2]["fields"].as_array().unwrap();
    for name in ["case_no", "applicant", "phone", "steps[].step"] {
        assert!(fields.contains(&json!(name)), "{name}");
    }
    // Without a basis an authority's system is not even admitted.
    let baseless = lantian_protocol::channel::NewChannel { basis: None, ..agreed("gov_portal") };
    assert!(lantian_server::channel::NewClient::of(&baseless, company.clock.now()).is_err());
}

#[tokio::test]
async fn a_hotline_demand_is_shared_out_by_rule_or_waits_for_the_lead() {
    let company = Company::open().await;
    Outside::of(&company, &agreed("gov_portal"));
    let mut hall = Tablet::of(&company, "hall1").await;
    let demand = json!({
        "type": "submit_demand", "channel": "gov_hall", "segment": "residential_scattered",
        "basic": {
            "party_type": "person", "name": "王小明", "phone": "13800138000",
            "address": "新郑市新华路66号院", "use_kind": "dwelling", "want": "new",
            "consent": {"text_version": "PI-2026-1", "at": "2026-03-02T08:50:00+08:00"},
        },
    });
    let id = fresh();
    hall.give(id, demand).await;
    let all = cases(&company);
    assert_eq!(all[0].responsible(), Some(company.person("manager1").user()));
    assert_eq!(all[0].assignments[0].reason, "按分派规则：在手最少者");
}

#[tokio::test]
async fn any_bytes_at_any_door_are_a_coded_error_and_create_nothing() {
    let company = Company::open().await;
    let many =
        lantian_protocol::channel::NewChannel { per_minute: Some(60_000), ..agreed("gov_portal") };
    let outside = Outside::of(&company, &many);
    let doors = ["applications", "files", "accounts", "status", "list", "ratings"];
    let bytes = proptest::collection::vec(any::<u8>(), 0..400);
    let json = "(\\{|\\[)?(\"(serial_id|serialId|consent|devices|file_ids|kind)\":(null|1|\\[\\{\\}\\]|\"x\"|\\{\\}),?){0,6}(\\}|\\])?";
    let any_body = proptest::prop_oneof![bytes, json.prop_map(String::into_bytes)];
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    for n in 0..240 {
        let body = any_body.new_tree(&mut runner).unwrap();
        let body = proptest::strategy::ValueTree::current(&body);
        let at = company.clock.now().to_string();
        let nonce = Uuid::now_v7().simple().to_string();
        let (status, reply) = outside.send(doors[n % doors.len()], body, &at, &nonce).await;
        let code: u32 = reply["errcode"].as_str().unwrap().parse().unwrap();
        assert!((400..500).contains(&status) && (4000..5000).contains(&code), "{reply}");
        assert!(!reply["errmsg"].as_str().unwrap().is_empty());
    }
    assert_eq!(cases(&company).len(), 0);
}

#[tokio::test]
async fn the_interface_describes_itself() {
    let company = Company::open().await;
    let url = format!("{}/v1/openapi.json", company.server.url());
    let told: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(told["openapi"], "3.0.3");
    let path = &told["paths"]["/v1/channels/{channel}/applications"]["post"];
    assert!(path["responses"]["200"]["content"]["application/json"]["schema"].is_object());
    assert_eq!(Channel::ALL.len(), 9);
}
