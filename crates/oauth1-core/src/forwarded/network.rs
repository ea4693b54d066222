//! Networks of IP addresses.

use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// A network: an address and how many of its bits are the network's (RFC 4632), or one address.
///
/// ```
/// use oauth1_core::forwarded::Network;
///
/// let network = Network::parse("10.0.0.0/8")?;
/// assert!(network.contains("10.1.2.3".parse()?));
/// // An IPv4 address that a socket for both kinds shows as IPv6 is the same.
/// assert!(network.contains("::ffff:10.1.2.3".parse()?));
/// assert!(Network::parse("10.0.0.1/8").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkError {
    /// It is neither an address nor `address/bits`.
    Syntax,
    /// There are more bits than the address has.
    TooManyBits,
    /// The address has bits outside the network: one of the two is not what was meant.
    BitsOutside,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "neither an IP address nor address/bits",
            Self::TooManyBits => "more bits than the address has",
            Self::BitsOutside => "the address has bits outside the network",
        })
    }
}

impl core::error::Error for NetworkError {}

impl Network {
    /// This machine itself, over IPv4.
    pub const LOOPBACK_V4: Self = Self {
        address: IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)),
        bits: 8,
    };
    /// This machine itself, over IPv6.
    pub const LOOPBACK_V6: Self = Self {
        address: IpAddr::V6(Ipv6Addr::LOCALHOST),
        bits: 128,
    };

    /// From `10.0.0.0/8`, `2001:db8::/32`, or an address alone.
    ///
    /// # Errors
    /// [`NetworkError`].
    pub fn parse(text: &str) -> Result<Self, NetworkError> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Syntax)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => width,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_| NetworkError::Syntax)?
            }
            Some(_) => return Err(NetworkError::Syntax),
        };
        if bits > width {
            return Err(NetworkError::TooManyBits);
        }
        let network = Self { address, bits };
        if network.masked(address) != number(address) {
            return Err(NetworkError::BitsOutside);
        }
        Ok(network)
    }

    /// Whether an address is in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = if self.address.is_ipv4() {
            address.to_canonical()
        } else {
            address
        };
        address.is_ipv4() == self.address.is_ipv4() && self.masked(address) == number(self.address)
    }

    /// The address without the bits that are not the network's.
    fn masked(&self, address: IpAddr) -> u128 {
        let width = if self.address.is_ipv4() { 32 } else { 128 };
        let host_bits = u32::from(width - self.bits);
        let shifted = number(address).checked_shr(host_bits).unwrap_or(0);
        shifted.checked_shl(host_bits).unwrap_or(0)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Network({self})")
    }
}

impl core::str::FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        Self::parse(text)
    }
}
