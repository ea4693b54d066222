extern crate alloc;

use alloc::string::ToString;

use super::*;

#[test]
fn numbers_are_written_in_digits_wherever_the_way_to_do_so_changes() {
    let edges = [1_000_000_000, u64::from(u32::MAX), 10_000_000_000];
    let near = edges.map(|edge| edge - 2..edge + 3);
    let powers = (0..20).map(|power| 10_u64.pow(power));
    for number in near
        .into_iter()
        .flatten()
        .chain(powers)
        .chain([0, 9, 1_734_567_890, u64::MAX])
    {
        assert_eq!(
            Decimal::new(number).as_bytes(),
            number.to_string().as_bytes()
        );
    }
    // Each pair of digits.
    for pair in 0..100 {
        let number = 1_000_000_000 + pair * 1_010_101;
        assert_eq!(
            Decimal::new(number).as_bytes(),
            number.to_string().as_bytes()
        );
    }
}
