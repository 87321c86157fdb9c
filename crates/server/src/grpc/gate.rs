//! The gate before every handler: who calls, under which request id.

use std::task::{Context, Poll};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{HeaderName, HeaderValue, Request, Response};
use tonic::Status;
use tonic::body::Body;
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};
use tonic_types::{ErrorDetails, StatusExt as _};
use tower::{Layer, Service};
use tracing::Instrument as _;

/// The header that ties log lines together through all services.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest request id that is taken over from a client, in bytes.
const LONGEST_REQUEST_ID: usize = 64;

/// Services that anybody may call: a load balancer has no token.
const OPEN: &str = "/grpc.health.v1.Health/";

tokio::task_local! {
    /// Id of the request that the current task works for.
    static CURRENT: HeaderValue;
}

/// Id of the request that the current task works for, if any.
pub(crate) fn current_request_id() -> Option<HeaderValue> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Who calls. Every request carries it in its extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Another service of this very process.
    Process,
    /// Somebody who can read the token.
    Token,
    /// The holder of a certificate that the configured authority signed.
    Certificate,
    /// Anybody; only for health checks.
    Anonymous,
}

/// How callers prove who they are.
#[derive(Clone, Debug)]
pub(crate) enum Admission {
    /// The way in is open to this process alone.
    Process,
    /// `authorization: Bearer {token}`.
    Token(String),
    /// The transport has checked a client certificate.
    Certificate,
}

/// Puts a [`Gate`] before a service.
#[derive(Clone, Debug)]
pub(crate) struct GateLayer {
    pub(crate) admission: Admission,
}

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Gate<S> {
        Gate { inner, admission: self.admission.clone() }
    }
}

/// Admits a request or answers UNAUTHENTICATED.
#[derive(Clone, Debug)]
pub(crate) struct Gate<S> {
    inner: S,
    admission: Admission,
}

impl<S> Service<Request<Body>> for Gate<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let id = request_id(&request);
        let principal = match admit(&self.admission, &request) {
            Ok(principal) => principal,
            Err(status) => return std::future::ready(Ok(status.into_http())).boxed(),
        };
        let span = tracing::info_span!(
            "rpc",
            path = request.uri().path(),
            request_id = id.to_str().unwrap_or_default(),
            principal = ?principal
        );
        request.extensions_mut().insert(principal);
        request.headers_mut().insert(REQUEST_ID, id.clone());
        let answer = self.inner.call(request);
        CURRENT
            .scope(id.clone(), async move {
                let mut response = answer.await?;
                response.headers_mut().insert(REQUEST_ID, id);
                tracing::debug!(status = response.status().as_u16(), "answered");
                Ok(response)
            })
            .instrument(span)
            .boxed()
    }
}

fn request_id(request: &Request<Body>) -> HeaderValue {
    let given = request
        .headers()
        .get(REQUEST_ID)
        .filter(|id| id.len() <= LONGEST_REQUEST_ID && id.as_bytes().iter().all(u8::is_ascii_graphic));
    given.cloned().unwrap_or_else(fresh_request_id)
}

/// A new request id: 16 hexadecimal digits.
pub(crate) fn fresh_request_id() -> HeaderValue {
    let mut bytes = [0_u8; 8];
    // An id only has to tell requests of one log apart; without entropy all are called the same.
    let _ = getrandom::fill(&mut bytes);
    HeaderValue::from_str(&format!("{:016x}", u64::from_le_bytes(bytes)))
        .expect("hexadecimal digits are a valid header value")
}

fn admit(admission: &Admission, request: &Request<Body>) -> Result<Principal, Status> {
    match admission {
        Admission::Process => Ok(Principal::Process),
        _ if request.uri().path().starts_with(OPEN) => Ok(Principal::Anonymous),
        Admission::Token(token) => {
            let given = request.headers().get(http::header::AUTHORIZATION).and_then(|v| v.to_str().ok());
            match given.and_then(|v| v.strip_prefix("Bearer ")) {
                Some(given) if equal(given.as_bytes(), token.as_bytes()) => Ok(Principal::Token),
                Some(_) => Err(refused("WRONG_TOKEN", "the token is not that of this server's data folder")),
                None => Err(refused(
                    "NO_TOKEN",
                    "send the token of the server's data folder as `authorization: Bearer`",
                )),
            }
        }
        Admission::Certificate => {
            let info = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>();
            match info.and_then(TlsConnectInfo::peer_certs) {
                Some(certificates) if !certificates.is_empty() => Ok(Principal::Certificate),
                _ => Err(refused("NO_CERTIFICATE", "connect with a client certificate")),
            }
        }
    }
}

fn refused(reason: &str, message: &str) -> Status {
    let details = ErrorDetails::with_error_info(reason, "server.monazite", []);
    Status::with_error_details(tonic::Code::Unauthenticated, message, details)
}

/// Compares in a time that does not depend on where two secrets differ.
fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn request(authorization: Option<&str>) -> Request<Body> {
        let mut request = Request::builder().uri("/monazite.storage.v1.Storage/Get");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_the_token_opens() {
        let gate = Admission::Token("abc".into());
        assert_eq!(admit(&gate, &request(Some("Bearer abc"))).unwrap(), Principal::Token);
        for wrong in [None, Some("Bearer abd"), Some("Bearer ab"), Some("abc"), Some("Bearer abcd")] {
            assert_eq!(admit(&gate, &request(wrong)).unwrap_err().code(), tonic::Code::Unauthenticated);
        }
        assert!(admit(&Admission::Certificate, &request(Some("Bearer abc"))).is_err());
    }

    #[test]
    fn a_request_id_is_taken_over_only_if_it_is_harmless() {
        let mut given = request(None);
        given.headers_mut().insert(REQUEST_ID, HeaderValue::from_static("abc-1"));
        assert_eq!(request_id(&given), "abc-1");
        given.headers_mut().insert(REQUEST_ID, HeaderValue::from_str(&"x".repeat(65)).unwrap());
        assert_eq!(request_id(&given).len(), 16);
        given.headers_mut().insert(REQUEST_ID, HeaderValue::from_static("two words"));
        assert_eq!(request_id(&given).len(), 16);
    }
}
