//! Users apply through the channels: outside systems that speak their own
//! format to the real program over HTTP, and are told how a case goes on.

use std::path::Path;

use lantian_tests::company::run_server;
use lantian_tests::outside::{Receiver, Says, Sender, now};
use lantian_tests::{Company, Tablet};
use serde_json::{Value, json};

/// Agrees with an outside system on everything; the company is closed.
fn agree(company: &Company, id: &str, channel: &str, webhook: &str) -> Sender {
    let data = company.data().to_string_lossy().into_owned();
    let mut words = vec!["channel", "add", id, "--channel", channel, "--data", &data];
    words.extend(["--name", id, "--basis", "数据共享协议"]);
    if !webhook.is_empty() {
        words.extend(["--webhook", webhook]);
    }
    let made = run_server(&words).done();
    let secret = made["secret"].as_str().unwrap().to_owned();
    Sender { id: id.to_owned(), channel: channel.to_owned(), secret }
}

fn application(channel: &str, serial: &str) -> Value {
    json!({
        "channel": channel, "serialId": serial, "installType": "residential_scattered",
        "linkMan": "段文博", "phone": "13603710000", "address": "新郑市龙湖镇祥和路12号3单元",
        "consent": {"textVersion": "PI-2026-1", "at": now()},
        "deviceList": [{"deviceName": "双眼灶", "normalGasRate": "0.8", "quantity": 1}],
    })
}

#[test]
fn r_06_applications_of_three_adapters_are_three_cases_and_a_serial_again_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut company = Company::demo_closed(folder.path());
    let receiver = Receiver::listen(vec![Says::Well]);
    let senders = [
        agree(&company, "oa9", "wechat_oa", ""),
        agree(&company, "portal9", "gov_portal", &receiver.url()),
        agree(&company, "zx9", "zaidexinzheng_app", ""),
    ];
    company.open();
    let mut numbers = Vec::new();
    for sender in &senders {
        let asked = application(&sender.channel, "E2E-1");
        let (status, reply) = sender.post(company.address(), "applications", &asked);
        assert_eq!((status, &reply["data"]["state"]), (200, &json!("submitted")), "{reply}");
        let (_, again) = sender.post(company.address(), "applications", &asked);
        assert_eq!((&again["duplicate"], &again["data"]), (&json!(true), &reply["data"]));
        numbers.push(reply["data"]["case_no"].as_str().unwrap().to_owned());
    }
    let (_, replayed) = senders[0].post_as(company.address(), "status", "{}", "0123456789abcdef");
    assert_eq!(replayed["errcode"], "4001");
    let (status, replayed) =
        senders[0].post_as(company.address(), "status", "{}", "0123456789abcdef");
    assert_eq!((status, &replayed["errcode"]), (401, &json!("4013")));

    // The rule of sharing out gives 龙湖镇 to this manager.
    let manager = Tablet::enrol(folder.path(), &company, "manager1");
    let mut ids = Vec::new();
    for (sender, no) in senders.iter().zip(&numbers) {
        let found = manager.run(&["list", "cases", "--search", no]).done();
        let card = &found["items"][0];
        assert_eq!((&card["no"], &card["state"]), (&json!(no), &json!("submitted")));
        assert!(card["flags"].as_array().unwrap().contains(&json!(sender.channel)), "{card}");
        ids.push(card["id"].as_str().unwrap().to_owned());
    }
    accept(&manager, &ids[1]);
    let heard = receiver.wait_for(1);
    assert_eq!((&heard[0]["serial_id"], &heard[0]["state"]), (&json!("E2E-1"), &json!("accepted")));
    assert_eq!(heard[0]["case_no"], json!(numbers[1]));
    assert!(!heard[0].to_string().contains("段文博"));
    let (_, told) = senders[1].post(company.address(), "status", &json!({"case_no": numbers[1]}));
    assert_eq!(
        (&told["data"]["state"], &told["data"]["applicant"]),
        (&json!("accepted"), &json!("段**"))
    );

    company.kill();
    company.open();
    let (_, again) = senders[2].post(
        company.address(),
        "applications",
        &application("zaidexinzheng_app", "E2E-1"),
    );
    assert_eq!(
        (&again["duplicate"], &again["data"]["case_no"]),
        (&json!(true), &json!(numbers[2]))
    );
    company.close();
    company.verify().done();
}

fn accept(manager: &Tablet, id: &str) {
    for code in ["MT01", "MT02", "MT14", "MT23"] {
        let came = json!({"code": code, "source": "gov_share", "doc_no": format!("{code}-9"), "query_receipt": "CX-9"});
        manager.act("receive_material", id, came);
    }
    manager.act("accept_case", id, json!({}));
    manager.sync();
}

#[test]
fn a_receiver_that_is_busy_or_speaks_html_is_told_again_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut company = Company::demo_closed(folder.path());
    let receiver = Receiver::listen(vec![Says::Page, Says::Busy(900)]);
    let sender = agree(&company, "portal9", "gov_portal", &receiver.url());
    company.open();
    let asked = application("gov_portal", "E2E-2");
    let (_, reply) = sender.post(company.address(), "applications", &asked);
    let manager = Tablet::enrol(folder.path(), &company, "manager1");
    let no = reply["data"]["case_no"].as_str().unwrap();
    let found = manager.run(&["list", "cases", "--search", no]).done();
    accept(&manager, found["items"][0]["id"].as_str().unwrap());
    receiver.wait_for(1);
    company.close();
    let mine = deliveries(company.data());
    assert_eq!(mine["result"], "answer_not_understood");
    assert_eq!((&mine["state"], &mine["tries"]), (&json!("waiting"), &json!(1)));
    let data = company.data().to_string_lossy().into_owned();
    let id = mine["id"].as_str().unwrap();
    run_server(&["channel", "resend", id, "--data", &data]).done();
    company.open();
    receiver.wait_for(2);
    company.close();
    assert_eq!(deliveries(company.data())["result"], "http_503", "busy: it waits as asked");
}

/// The newest delivery of this test's outside system.
fn deliveries(data: &Path) -> Value {
    let told = run_server(&["channel", "deliveries", "--data", &data.to_string_lossy()]).done();
    let items = told["items"].as_array().unwrap();
    items.iter().find(|one| one["client"] == "portal9").unwrap().clone()
}

#[test]
fn a_file_of_applications_answers_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::demo_closed(folder.path());
    let file = folder.path().join("申请.csv");
    let at = now();
    let rows = format!(
        "渠道,流水号,用户类别,客户名称,联系人,联系电话,用气地址,告知书版本,同意时间\n\
         营业厅,YYT-1,零星户,,李四,13603710001,新郑市新华路1号院2号楼,PI-2026-1,{at}\n\
         营业厅,YYT-1,零星户,,李四,13603710001,新郑市新华路1号院2号楼,PI-2026-1,{at}\n\
         热线,RX-1,零星户,,王五,123,新郑市新华路1号院3号楼,PI-2026-1,{at}\n\
         某渠道,X-1,零星户,,赵六,13603710002,新郑市新华路1号院4号楼,PI-2026-1,{at}\n"
    );
    std::fs::write(&file, rows).unwrap();
    let report = company.import(&file, "channel").done();
    let status: Vec<&str> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["status"].as_str().unwrap())
        .collect();
    assert_eq!(status, ["accepted", "duplicate", "rejected", "rejected"]);
    assert_eq!(report["rows"][1]["of_row"], 1);
    assert_eq!(report["rows"][2]["field"], "phone");
    assert_eq!(report["rows"][3]["field"], "channel");
    let again = company.import(&file, "channel").done();
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(0), &json!(2)));
}

#[test]
fn r_07_an_on_site_intake_works_with_the_network_off() {
    let folder = tempfile::tempdir().unwrap();
    let mut company = Company::demo_closed(folder.path());
    company.open();
    let manager = Tablet::enrol(folder.path(), &company, "manager2");
    company.close();
    let at = now();
    let id = manager.create(
        "submit_demand",
        json!({
            "channel": "on_site", "segment": "residential_scattered",
            "basic": {
                "party_type": "person", "name": "钱七", "phone": "13603710003",
                "address": "新郑市薛店镇世纪路9号", "use_kind": "dwelling", "want": "new",
                "consent": {"text_version": "PI-2026-1", "at": at},
            },
        }),
    );
    let shown = manager.run(&["show", &id]).done();
    let text = shown.to_string();
    assert!(text.contains("submitted") && text.contains("D-08"), "{text}");
    company.open();
    manager.sync();
    assert_eq!(manager.confirmed(&id)["channel"], "on_site");
}
