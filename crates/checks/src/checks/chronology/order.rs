//! Kinds of steps, the order in which they are possible, and that in which they are usual.

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Applied,
    Drafted,
    Approved,
    Paid,
    Begun,
    Built,
    Produced,
    Halted,
    Resumed,
    Signed,
    Delivered,
    Departed,
    Arrived,
    Final,
    Announced,
    Voted,
    Closed,
    Sued,
    Heard,
    Ruled,
    Appealed,
    Explored,
    Estimated,
    Tendered,
    Awarded,
    Opened,
    Imposed,
    Lifted,
    Declared,
    PaidOut,
    Struck,
    Returned,
    Suspended,
    Relisted,
    Ordered,
    Received,
    Founded,
    Listed,
    Published,
    /// A plant runs for the very first time.
    Fired,
    /// What it makes has left it.
    Left,
}

/// Steps of one event, each of which is possible only after those before it.
pub(super) const ORDER: &[&[Step]] = &[
    &[Step::Applied, Step::Approved, Step::Paid],
    &[Step::Approved, Step::Begun, Step::Built, Step::Produced],
    &[Step::Halted, Step::Resumed],
    &[Step::Signed, Step::Delivered],
    &[Step::Signed, Step::Closed],
    &[Step::Announced, Step::Voted, Step::Closed],
    &[Step::Drafted, Step::Published, Step::Final],
    &[Step::Departed, Step::Arrived],
    &[Step::Sued, Step::Heard, Step::Ruled, Step::Appealed],
    &[Step::Tendered, Step::Awarded],
    &[Step::Declared, Step::PaidOut],
    &[Step::Declared, Step::Final],
    &[Step::Imposed, Step::Lifted],
    &[Step::Struck, Step::Returned],
    &[Step::Suspended, Step::Relisted],
    &[Step::Halted, Step::Relisted],
    &[Step::Suspended, Step::Resumed],
    &[Step::Ordered, Step::Received],
    &[Step::Ordered, Step::Delivered],
    &[Step::Founded, Step::Listed],
    &[Step::Opened, Step::Imposed],
    &[Step::Sued, Step::Imposed],
    &[Step::Fired, Step::Left],
    &[Step::Fired, Step::Produced],
];

/// Steps that usually follow each other, though the other order is possible too.
pub(super) const USUAL: &[&[Step]] = &[
    &[Step::Explored, Step::Estimated, Step::Begun],
    &[Step::Signed, Step::Approved],
    &[Step::Signed, Step::Begun],
    &[Step::Approved, Step::Departed],
    &[Step::Awarded, Step::Signed],
    &[Step::Produced, Step::Delivered],
    &[Step::Built, Step::Delivered],
    &[Step::Approved, Step::Delivered],
    &[Step::Departed, Step::Delivered],
    &[Step::Announced, Step::Signed],
    &[Step::Begun, Step::Delivered],
];

/// True if the second step comes only after the first, by one of these orders.
pub(super) fn is_before(orders: &[&[Step]], early: Step, late: Step) -> bool {
    orders.iter().any(|chain| {
        let place = |step: Step| chain.iter().position(|known| *known == step);
        place(early).zip(place(late)).is_some_and(|(early, late)| early < late)
    })
}
