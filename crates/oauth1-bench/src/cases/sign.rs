//! Signing with a key that is kept, into buffers that are kept.

use core::hint::black_box;

use oauth1_core::{
    Body, HmacSha1, Nonce, Parameter, Prepared, ProtocolParameters, RequestView, Signer, Slot,
    Stamp, Target, Timestamp,
};

use crate::workloads::{NONCE, Request, TIMESTAMP, client, token};

/// A signer and its buffers.
pub(crate) struct Signing {
    signer: Signer<'static, HmacSha1>,
    request: &'static Request,
    view: RequestView<'static>,
    pairs: Vec<Parameter<'static>>,
    slots: Vec<Slot>,
    header: Vec<u8>,
}

impl Signing {
    pub(crate) fn new(request: &'static Request) -> Self {
        let pairs = request
            .pairs
            .iter()
            .map(|(name, value)| Parameter::new(name, value))
            .collect();
        Self {
            signer: signer(),
            request,
            view: view(request),
            pairs,
            slots: Vec::new(),
            header: Vec::new(),
        }
    }

    /// The URL is parsed; a form is given as it is sent.
    #[inline]
    pub(crate) fn sign_url(&mut self) {
        let target = Target::parse(black_box(&self.request.url)).expect("a URL");
        let body = match &self.request.form {
            Some(form) => Body::Form(black_box(form.as_bytes())),
            None => Body::None,
        };
        let view = RequestView::new(black_box(self.request.method), target).with(body);
        sign(&self.signer, &view, &mut self.slots, &mut self.header);
    }

    /// The URL is parsed; a form is given as decoded pairs.
    #[inline]
    pub(crate) fn sign_pairs(&mut self) {
        let target = Target::parse(black_box(&self.request.url)).expect("a URL");
        let view = RequestView::new(black_box(self.request.method), target)
            .with_form_pairs(black_box(&self.pairs));
        sign(&self.signer, &view, &mut self.slots, &mut self.header);
    }

    /// The URL was parsed before; a form is given as it is sent.
    #[inline]
    pub(crate) fn sign_view(&mut self) {
        sign(
            &self.signer,
            black_box(&self.view),
            &mut self.slots,
            &mut self.header,
        );
    }

    /// What the last signature wrote.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }
}

#[inline]
fn sign(
    signer: &Signer<'static, HmacSha1>,
    view: &RequestView<'_>,
    slots: &mut Vec<Slot>,
    header: &mut Vec<u8>,
) {
    header.clear();
    black_box(signer)
        .sign(view, &ProtocolParameters::NONE, stamp(), slots, header)
        .expect("a signature");
    black_box(header);
}

/// A prepared endpoint and a buffer.
pub(crate) struct Endpoint {
    prepared: Prepared<'static, HmacSha1, Vec<u8>>,
    header: Vec<u8>,
}

/// An endpoint that is called again and again.
pub(crate) fn prepared(request: &'static Request) -> Endpoint {
    // It lives as long as the program.
    let signer: &'static Signer<'static, HmacSha1> = Box::leak(Box::new(signer()));
    let prepared = signer
        .prepare(
            &view(request),
            &ProtocolParameters::NONE,
            &mut Vec::new(),
            Vec::new(),
        )
        .expect("an endpoint");
    Endpoint {
        prepared,
        header: Vec::new(),
    }
}

impl Endpoint {
    #[inline]
    pub(crate) fn once(&mut self) {
        self.header.clear();
        black_box(&self.prepared)
            .sign(stamp(), &mut self.header)
            .expect("a signature");
        black_box(&mut self.header);
    }

    #[cfg(test)]
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }
}

/// The view of a request, its form as it is sent.
pub(crate) fn view(request: &'static Request) -> RequestView<'static> {
    let target = Target::parse(&request.url).expect("a URL");
    let body = request
        .form
        .as_ref()
        .map_or(Body::None, |form| Body::Form(form.as_bytes()));
    RequestView::new(request.method, target).with(body)
}

fn signer() -> Signer<'static, HmacSha1> {
    Signer::for_token(&client(), &token())
}

#[inline]
fn stamp() -> Stamp<'static> {
    Stamp::new(
        Timestamp::from_unix_seconds(black_box(TIMESTAMP)),
        Nonce::new(black_box(NONCE)),
    )
}
