//! The vectors of domain.md h.1 and the laws of money.

use proptest::prelude::*;

use super::*;

fn fen(text: &str) -> Fen {
    text.parse().unwrap()
}

fn line(quantity: &str, price: &str) -> String {
    line_amount(quantity.parse().unwrap(), price.parse().unwrap()).unwrap().to_string()
}

fn split(amount: &str, rate: &str) -> (String, String) {
    let (tax, excl) = tax_included_split(fen(amount), rate.parse().unwrap()).unwrap();
    (tax.to_string(), excl.to_string())
}

#[test]
fn a_line_is_rounded_half_up() {
    // H-2: the product of 37.455 and 128.3333 is 4806.7237515.
    assert_eq!(line("37.455", "128.3333"), "4806.72");
    for (price, amount) in
        [("0.005", "0.01"), ("1.005", "1.01"), ("2.675", "2.68"), ("0.125", "0.13")]
    {
        assert_eq!(line("1", price), amount);
        assert_eq!(line("-1", price), format!("-{amount}"));
    }
    assert_eq!(line("0.001", "0.0001"), "0.00");
    assert_eq!(line("0", "128.3333"), "0.00");
}

#[test]
fn tax_is_taken_out_of_the_included_price() {
    // H-4.
    for (amount, rate, tax, excl) in [
        ("109.00", "0.09", "9.00", "100.00"),
        ("100.00", "0.09", "8.26", "91.74"),
        ("2500.00", "0.09", "206.42", "2293.58"),
        ("1234.56", "0.06", "69.88", "1164.68"),
        ("999999.99", "0.13", "115044.25", "884955.74"),
        ("300.00", "0.03", "8.74", "291.26"),
        ("300.00", "0", "0.00", "300.00"),
        ("-109.00", "0.09", "-9.00", "-100.00"),
    ] {
        assert_eq!(split(amount, rate), (tax.to_owned(), excl.to_owned()), "{amount} at {rate}");
    }
    assert!(tax_included_split(fen("1.00"), "-0.01".parse().unwrap()).is_err());
}

#[test]
fn the_last_line_takes_the_rest() {
    // H-5.
    let shares = |total: &str, n: usize| -> Vec<String> {
        allocate(fen(total), n).unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(shares("1000.00", 3), ["333.33", "333.33", "333.34"]);
    assert_eq!(shares("0.02", 3), ["0.00", "0.00", "0.02"]);
    assert_eq!(shares("5.00", 1), ["5.00"]);
    assert_eq!(allocate(fen("5.00"), 0), Err(MoneyError::Shares));
    assert_eq!(allocate(fen("5.00"), MAX_SHARES + 1), Err(MoneyError::Shares));
}

#[test]
fn sums_beyond_the_limit_are_errors() {
    assert_eq!(Fen::MAX.to_string(), "999999999.99");
    assert_eq!(Fen::MAX_SUM.to_string(), "9999999999999999.99");
    assert_eq!(Fen::MAX_SUM.checked_add(Fen(1)), Err(MoneyError::Overflow));
    assert_eq!(Fen(-1).checked_sub(Fen::MAX_SUM), Err(MoneyError::Overflow));
    assert_eq!(Fen::sum([Fen::MAX_SUM, Fen(1)]), Err(MoneyError::Overflow));
    // A sheet is bounded as an amount is, a year of sheets is not.
    assert_eq!(Fen::total([Fen::MAX, Fen(1)]), Err(MoneyError::Overflow));
    assert_eq!(Fen::sum([Fen::MAX, Fen(1)]), Ok(Fen(100_000_000_000)));
    assert_eq!(Fen(i64::MAX).checked_add(Fen(i64::MAX)), Err(MoneyError::Overflow));
    // A credit line brings the sum back inside.
    assert_eq!(Fen::total([Fen::MAX, Fen(1), Fen(-1)]), Ok(Fen::MAX));
    let (most, dear) = ("999999999.999".parse().unwrap(), "9999999999.9999".parse().unwrap());
    assert_eq!(line_amount(most, dear), Err(MoneyError::Overflow));
}

#[test]
fn a_discount_may_not_turn_the_total_negative() {
    assert_eq!(Fen::total([fen("100.00"), fen("-30.00")]), Ok(fen("70.00")));
    assert_eq!(Fen::total([fen("100.00"), fen("-100.00")]), Ok(Fen::ZERO));
    assert_eq!(Fen::total([fen("100.00"), fen("-100.01")]), Err(MoneyError::NegativeTotal));
}

#[test]
fn amounts_are_read_and_written_with_two_decimals() {
    for text in ["0.00", "1234.56", "-0.05", "999999999.99", "-999999999.99"] {
        assert_eq!(fen(text).to_string(), text);
    }
    for text in
        ["", "1", "1.5", "1.555", "1.", ".50", "1,0.00", "1e3.00", "--1.00", "+1.00", "１.00"]
    {
        assert_eq!(text.parse::<Fen>(), Err(MoneyError::Format), "{text}");
    }
    for text in ["1000000000.00", "99999999999999999999.00"] {
        assert_eq!(text.parse::<Fen>(), Err(MoneyError::Overflow), "{text}");
    }
}

#[test]
fn decimals_are_stored_as_text_and_binary_fractions_refused() {
    let quantity: Quantity = serde_json::from_str("\"37.455\"").unwrap();
    assert_eq!(quantity.units(), 37_455);
    assert_eq!(serde_json::to_string(&quantity).unwrap(), "\"37.455\"");
    assert_eq!(serde_json::from_str::<Quantity>("12").unwrap().to_string(), "12.000");
    assert_eq!(serde_json::from_str::<Quantity>("-3").unwrap().units(), -3_000);
    assert_eq!(serde_json::from_str::<UnitPrice>("\"128.3333\"").unwrap().units(), 1_283_333);
    assert_eq!(serde_json::from_str::<Rate>("\"0.09\"").unwrap().to_string(), "0.090000");
    assert!(serde_json::from_str::<Quantity>("37.455").is_err());
    assert!(serde_json::from_str::<Quantity>("\"37.4555\"").is_err());
    assert!(serde_json::from_str::<Quantity>("\"1000000000\"").is_err());
    assert!(serde_json::from_str::<Rate>("\"10\"").is_err());
    assert_eq!(serde_json::to_string(&fen("1234.56")).unwrap(), "123456");
    assert!(serde_json::from_str::<Fen>("1234.56").is_err());
}

fn any_line() -> impl Strategy<Value = (Quantity, UnitPrice)> {
    (0_i64..1_000_000, -100_000_i64..1_000_000).prop_map(|(quantity, price)| {
        (Quantity::from_units(quantity).unwrap(), UnitPrice::from_units(price).unwrap())
    })
}

#[test]
fn the_total_of_ten_thousand_random_lines_is_the_sum_of_the_stored_lines() {
    use proptest::{collection::vec, strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let lines = vec(any_line(), 10_000).new_tree(&mut runner).unwrap().current();
    let stored: Vec<Fen> = lines.iter().map(|(q, p)| line_amount(*q, *p).unwrap()).collect();
    let shown: i64 = stored.iter().map(|line| line.0).sum();
    assert_eq!(Fen::sum(stored), Ok(Fen(shown)));
    assert_ne!(shown, 0);
}

proptest! {
    #[test]
    fn the_shares_sum_to_the_amount(total in -99_999_999_999_i64..=99_999_999_999, n in 1_usize..500) {
        let shares = allocate(Fen(total), n).unwrap();
        prop_assert_eq!(shares.len(), n);
        prop_assert_eq!(Fen::sum(shares.iter().copied()), Ok(Fen(total)));
        prop_assert!(shares[..n - 1].iter().all(|share| share == &shares[0]));
        let rest = shares[n - 1].0 - shares[0].0;
        prop_assert!((0..i64::try_from(n).unwrap()).contains(&rest));
    }

    #[test]
    fn a_total_is_the_sum_of_the_rounded_lines(lines in proptest::collection::vec(any_line(), 0..50)) {
        let rounded: Vec<Fen> = lines.iter().map(|(q, p)| line_amount(*q, *p).unwrap()).collect();
        let sum: i64 = rounded.iter().map(|line| line.0).sum();
        let total = if sum < 0 { Err(MoneyError::NegativeTotal) } else { Ok(Fen(sum)) };
        prop_assert_eq!(Fen::total(rounded), total);
    }

    #[test]
    fn a_rounded_line_is_off_by_half_a_fen_at_most((quantity, price) in any_line()) {
        let exact = i128::from(quantity.units()) * i128::from(price.units());
        let rounded = i128::from(line_amount(quantity, price).unwrap().0) * 100_000;
        prop_assert!((exact - rounded).abs() <= 50_000);
        // HALF_UP: of two equally near amounts the one away from zero.
        prop_assert!((exact - rounded).abs() < 50_000 || rounded.abs() > exact.abs());
    }

    #[test]
    fn tax_and_amount_without_tax_sum_to_the_amount(
        amount in -99_999_999_999_i64..=99_999_999_999,
        rate in 0_i64..=9_999_999,
    ) {
        let rate = Rate::from_units(rate).unwrap();
        let (tax, excl) = tax_included_split(Fen(amount), rate).unwrap();
        prop_assert_eq!(tax.checked_add(excl), Ok(Fen(amount)));
        prop_assert!(tax.0.abs() <= amount.abs());
        prop_assert!(tax.0 == 0 || tax.0.signum() == amount.signum());
    }

    #[test]
    fn what_is_written_is_read_back(units in -99_999_999_999_i64..=99_999_999_999) {
        prop_assert_eq!(Fen(units).to_string().parse::<Fen>(), Ok(Fen(units)));
        let quantity = Quantity::from_units(units).unwrap();
        prop_assert_eq!(quantity.to_string().parse::<Quantity>(), Ok(quantity));
    }
}
