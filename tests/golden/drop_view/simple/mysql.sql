DROP VIEW `rich`;

